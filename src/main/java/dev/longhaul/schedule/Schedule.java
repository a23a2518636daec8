package dev.longhaul.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A schedule as its row was at one moment.
///
/// @param pause    null: it is not paused
/// @param nextFire the next moment it is due; null: no more
/// @param lastFire the last moment that was decided
/// @param reckoned false: somebody changed it in SQL, and no node has reckoned yet when it is due
/// @param readAt   the database's time at the reading
public record Schedule(UUID id, ScheduleSpec terms, @Nullable Pause pause, @Nullable Instant nextFire, boolean reckoned,
        @Nullable Instant lastFire, Instant createdAt,
                       Instant changedAt, String changedBy, Instant readAt) {

    /// Since when, by whom and why.
    public record Pause(Instant since, String by, @Nullable String reason) {}
}
