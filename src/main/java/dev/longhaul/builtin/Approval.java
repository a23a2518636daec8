package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.task.Ask;
import dev.longhaul.task.Authorization;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A person's yes before what comes after; a no fails it. See docs/tasks.md.
@TaskType(value = "approval", description = """
        Asks a person whether something may go on, and waits for the answer, for days if need be. Use it in a workflow before what must not happen unseen. \
        Completes with the comment if the answer is yes, and fails if it is no.""")
class Approval implements Task<Approval.Input, Authorization> {

    /// Named as in JSON.
    enum Risk { low, medium, high }

    record Input(
            @NotBlank @Size(max = 2_000) @JsonPropertyDescription(
            "What is asked, e.g. Send to 1,204 customers?") String action,
            @JsonPropertyDescription("What it is about, for whoever decides") @Nullable Object about,
            @JsonPropertyDescription("How much is at stake") @Nullable Risk risk,
            @JsonPropertyDescription("How long to wait for an answer; default: for ever") @Min(1) @Max(
                    31_536_000) @Nullable Double withinSeconds,
            @JsonPropertyDescription(
            "The answer that holds if nobody gave one in time; default: it fails then") @Nullable Boolean otherwise) {}

    @Override
    public Authorization run(Input input, TaskContext context) throws Exception {
        var answer = context.ask("approval", Authorization.class, ask(input));
        if (!answer.approved()) {
            throw new NotRetryable("not approved" + (answer.comment() == null || answer.comment().isBlank()
                    ? "" : ": " + answer.comment()));
        }
        context.conclude("approved" + (answer.comment() == null || answer.comment().isBlank()
                ? "" : ": " + answer.comment()));
        return answer;
    }

    private static Ask ask(Input input) {
        var ask = Ask.authorization(input.action).about(input.about);
        if (input.risk != null) {
            ask = ask.risk(InputRequest.Risk.valueOf(input.risk.name().toUpperCase(Locale.ROOT)));
        }
        if (input.withinSeconds != null) {
            ask = ask.within(Duration.ofMillis(Math.round(input.withinSeconds * 1_000)));
        }
        return input.otherwise == null ? ask : ask.otherwise(new Authorization(input.otherwise, null));
    }
}
