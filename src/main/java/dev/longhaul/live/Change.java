package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change of an operation, as a subscriber gets it.
///
/// @param operation   after the change; its `version` is the event id
/// @param stateChange null: only the progress is newer
public record Change(Operation operation, @Nullable StateChange stateChange) {

    /// A state change: one history entry.
    ///
    /// @param event  `submitted`, `status`, `cancel_requested` or `edited`
    public record StateChange(int seq, String event, @Nullable Status from, Status to, Instant at, String by,
            String source, @Nullable String reason) {}

    public long version() {
        return operation.version();
    }

    /// No change follows, unless the operation runs again.
    public boolean isLast() {
        return operation.isOver();
    }
}
