package dev.longhaul.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row of `schedule` at the time of reading.
///
/// @param pause           null: not paused
/// @param nextRunAt       next run time; null: none
/// @param lastRunAt       latest decided run time; null: none yet
/// @param nextRunComputed false: the row was changed in SQL, and no node has computed `nextRunAt` since
/// @param readAt          time of the database at the reading
public record Schedule(UUID id, ScheduleSpec spec, @Nullable Pause pause, @Nullable Instant nextRunAt,
        boolean nextRunComputed, @Nullable Instant lastRunAt, Instant createdAt, Instant changedAt, String changedBy,
        Instant readAt) {

    /// @param by principal
    public record Pause(Instant since, String by, @Nullable String reason) {}
}
