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

/// Waits for the approval of a person; fails if it is refused. See docs/tasks.md.
@TaskType(value = "approval", description = """
        Asks a person for approval and waits for the answer, for days if necessary. Use it in a workflow before a \
        critical node. Completes with the comment if approved, and fails if refused.""")
class Approval implements Task<Approval.Input, Authorization> {

    /// Spelled as in JSON.
    enum Risk { low, medium, high }

    record Input(@NotBlank @Size(max = 2_000) @JsonPropertyDescription(
                    "Text for the person, e.g. Send to 1,204 customers?") String action,
            @JsonPropertyDescription("Data for the decision") @Nullable Object about,
            @JsonPropertyDescription("Risk of the action") @Nullable Risk risk,
            @JsonPropertyDescription("Maximum wait for an answer; default: no limit") @Min(1) @Max(
                    31_536_000) @Nullable Double withinSeconds,
            @JsonPropertyDescription(
                    "Answer if none is given in time; default: the task fails") @Nullable Boolean otherwise) {}

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
