package dev.longhaul.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What came of one moment of a schedule.
///
/// @param at        the moment that the schedule names
/// @param cause     `time`, `hand` or `backfill`
/// @param outcome   `started`, `queued`, `skipped` or `missed`
/// @param operation what was started
/// @param decidedBy the node, or who wanted it
public record ScheduledRun(UUID scheduleId, Instant at, Instant decidedAt, String cause, String outcome,
        @Nullable String reason, @Nullable UUID operation, String decidedBy) {}
