package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change of an operation, as a subscriber gets it.
///
/// @param operation   after the change; its `version` is the event id
/// @param stateChange null: only the progress is newer
/// @param isLast      the operation is over as it is now, and no change follows. False for the end of an attempt that
///     was retried
public record Change(Operation operation, @Nullable StateChange stateChange, boolean isLast) {

    /// A state change: one history entry.
    ///
    /// @param event  `submitted`, `status`, `cancel_requested` or `edited`
    public record StateChange(int seq, String event, @Nullable Status from, Status to, Instant at, String by,
            String source, @Nullable String reason) {}

    public long version() {
        return operation.version();
    }

    /// For an end that another change has followed since it was read.
    Change followed() {
        return isLast ? new Change(operation, stateChange, false) : this;
    }
}
