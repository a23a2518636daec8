package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a watcher is told: the operation after one change of it.
///
/// @param operation as it was with this change; its `version` is the event's id
/// @param edge      what happened, or null if only the progress is newer
public record Change(Operation operation, @Nullable Edge edge) {

    /// A change of state: one row of the history.
    ///
    /// @param event  `submitted`, `status`, `cancel_requested` or `edited`
    public record Edge(int seq, String event, @Nullable Status from, Status to, Instant at, String by, String source,
            @Nullable String reason) {}

    public long version() {
        return operation.version();
    }

    /// Nothing follows, unless somebody runs the operation again.
    public boolean isLast() {
        return operation.isOver();
    }
}
