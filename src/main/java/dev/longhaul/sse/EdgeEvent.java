package dev.longhaul.sse;

import dev.longhaul.live.Change;
import dev.longhaul.web.OperationView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The data of a `state` or `done` event: one row of the history, and the operation after it.
///
/// @param seq  1..n per operation
/// @param event `submitted`, `status`, `cancel_requested`, `paused`, `resumed`, `answered` or `edited`
/// @param by    principal, with its `source`: the interface
@JsonNaming(SnakeCaseStrategy.class)
record EdgeEvent(String operationId, int seq, String event, @Nullable String fromStatus, String toStatus, Instant at,
        String by, String source,
        @Nullable String reason, OperationView operation) {

    static EdgeEvent of(Change change) {
        var edge = change.stateChange();
        if (edge == null) {
            throw new IllegalArgumentException("progress is no change of state: " + change);
        }
        return new EdgeEvent(change.operation().id().toString(), edge.seq(), edge.event(), edge.from() == null
                ? null : edge.from().word(), edge.to().word(),
                edge.at(), edge.by(), edge.source(), edge.reason(), OperationView.of(change.operation()));
    }

    /// An edge is told once: as `done` if nothing follows it, else as `state`.
    static String name(Change change) {
        return change.isLast() ? "done" : "state";
    }
}
