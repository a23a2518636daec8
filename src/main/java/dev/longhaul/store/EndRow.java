package dev.longhaul.store;

import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RunStore.End;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The end of a run, as columns.
///
/// @param resume true: the next claim continues this attempt
record EndRow(End end, String status, @Nullable Duration delay, @Nullable String waitsFor, @Nullable String awaits,
        boolean resume, boolean failed,
              @Nullable String output, @Nullable String error, @Nullable String reason) {

    static EndRow of(End end, JsonMapper json) {
        return switch (end.outcome()) {
            case Outcome.Completed(var output, var message) ->
                    new EndRow(end, "completed", null, null, null, false, false, output == null
                            ? null : json.writeValueAsString(output), null, null);
            case Outcome.Failed(var failure) -> new EndRow(end, "failed", null, null, null, false, true, null,
                    json.writeValueAsString(failure), failure.message());
            case Outcome.Retry(var failure, var delay) ->
                    new EndRow(end, "pending", delay, null, null, false, true, null, json.writeValueAsString(failure),
                            failure.message());
            case Outcome.Cancelled() -> new EndRow(end, "cancelled", null, null, null, false, false, null, null, null);
            case Outcome.Waits(var waitsFor, var longest, var children, var reason) -> {
                var awaits = children.isEmpty() ? null : children.toString().replace('[', '{').replace(']', '}');
                yield new EndRow(end, "waiting", longest, waitsFor.word(), awaits, true, false, null, null, reason);
            }
            case Outcome.Released(var reason) -> new EndRow(end, "pending", null, null, null, true, false, null, null,
                    reason);
        };
    }

    /// Null: the last one that was written.
    @Nullable Progress progress() {
        var last = end.progress();
        return last == null || !(end.outcome() instanceof Outcome.Completed) ? last
                : new Progress(100, last.total(), last.total(), message());
    }

    /// Null without progress: the last one that was written.
    @Nullable String message() {
        var last = end.progress() == null ? null : end.progress().message();
        return end.outcome() instanceof Outcome.Completed(var output, var message) && message != null
                ? Text.cleaned(message, Progress.MESSAGE_LIMIT) : last;
    }
}
