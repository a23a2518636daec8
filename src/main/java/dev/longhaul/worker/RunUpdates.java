package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RunStore.Step;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The request bodies of a run's updates, the same for one run and in `:sync`.
final class RunUpdates {

    static final int MAX_ITEMS = 1_000;

    private RunUpdates() {
    }

    /// How far the work is.
    ///
    /// @param progress percent; or `current` of `total`
    record Report(
            @JsonPropertyDescription("The token of the run, from its claim") UUID runId,
            @JsonPropertyDescription("Percent, 0 to 100; it does not fall within an attempt")
            @Min(0) @Max(100) @Nullable Double progress,
            @JsonPropertyDescription("How many of total are done; instead of progress") @Min(0) @Nullable Long current,
            @JsonPropertyDescription("How many there are") @Min(1) @Nullable Long total,
            @JsonPropertyDescription("What the task does now, for people") @Size(max = 2_000) @Nullable String message,
            @JsonPropertyDescription("Finished steps: the next attempt gets their results with its claim")
            @Size(max = MAX_ITEMS) @Nullable List<FinishedStep> steps,
            @JsonPropertyDescription("Lines for the log") @Size(max = MAX_ITEMS) @Nullable List<Line> log) {

        static Report ofStep(UUID runId, FinishedStep step) {
            return new Report(runId, null, null, null, null, List.of(step), null);
        }

        static Report ofLog(UUID runId, List<Line> lines) {
            return new Report(runId, null, null, null, null, null, lines);
        }

        /// @param secrets masked in the message before it is cut
        /// @return null: no new progress
        @Nullable UnaryOperator<Progress> change(Redactor secrets) {
            var message = this.message == null ? null : secrets.redact(this.message);
            if (progress != null && (current != null || total != null)) {
                throw new IllegalArgumentException("expected progress, or current and total, not both");
            }
            if ((current == null) != (total == null)) {
                throw new IllegalArgumentException("current and total come together");
            }
            if (total != null) {
                var counted = Progress.of(current, total, message);
                return before -> message == null
                        ? new Progress(counted.percent(), current, total, before.message()) : counted;
            }
            if (progress != null) {
                var given = Progress.percent(progress, message);
                return before -> message == null
                        ? new Progress(given.percent(), null, null, before.message()) : given;
            }
            return message == null ? null
                    : before -> new Progress(before.percent(), before.current(), before.total(), message);
        }

        List<Step> finishedSteps() {
            return steps == null ? List.of() : steps.stream().map(FinishedStep::step).toList();
        }
    }

    /// A checkpoint.
    record FinishedStep(
            @JsonPropertyDescription("The same in every attempt, unique within the operation")
            @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("Any JSON") @Nullable JsonNode result) {

        Step step() {
            return new Step(Text.storable("the name of a step", name, 200),
                    result == null || result.isNull() ? null : result);
        }
    }

    record Line(
            @JsonPropertyDescription("debug, info (default), warn or error") @Nullable String level,
            @JsonPropertyDescription("At most 4,000 characters; the rest is cut") String message) {

        LogLine line(Instant now, Redactor secrets) {
            return new LogLine(now, level == null ? LogLine.Level.INFO : LogLine.Level.parse(level),
                    secrets.redact(message));
        }
    }

    /// @param secrets masked in each line before it is cut
    static List<LogLine> lines(@Nullable List<Line> log, Redactor secrets) {
        var now = Instant.now();
        return log == null ? List.of() : log.stream().map(line -> line.line(now, secrets)).toList();
    }

    record Complete(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Any JSON, at most 1 MB") @Nullable JsonNode output,
            @JsonPropertyDescription("The last message that subscribers read")
            @Size(max = 2_000) @Nullable String message,
            @JsonPropertyDescription("Lines for the log") @Size(max = MAX_ITEMS) @Nullable List<Line> log) {}

    record Fail(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("For people: what went wrong") @Size(min = 1) String message,
            @JsonPropertyDescription("For programs, e.g. the class of the exception; default: error")
            @Size(min = 1, max = 200) @Nullable String type,
            @JsonPropertyDescription("For operators, e.g. a stack trace") @Nullable String trace,
            @JsonPropertyDescription("False: a further attempt would fail, too; default true")
            @Nullable Boolean retryable,
            @JsonPropertyDescription("When the next attempt makes sense; default: as the retry policy says")
            @Min(0) @Max(31_536_000) @Nullable Double retryAfterSeconds,
            @JsonPropertyDescription("Lines for the log") @Size(max = MAX_ITEMS) @Nullable List<Line> log) {}

    record Release(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Why, for the history") @Size(max = 2_000) @Nullable String reason,
            @JsonPropertyDescription("Lines for the log") @Size(max = MAX_ITEMS) @Nullable List<Line> log) {}
}
