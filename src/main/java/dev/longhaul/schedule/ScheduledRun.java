package dev.longhaul.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry of the run log.
///
/// @param at          run time by the schedule
/// @param cause     `time`, `hand` or `backfill`
/// @param outcome   `started`, `queued`, `skipped` or `missed`
/// @param operationId started operation; null: none
/// @param decidedBy   node, or principal of a manual start
public record ScheduledRun(UUID scheduleId, Instant at, Instant decidedAt, String cause, String outcome,
        @Nullable String reason, @Nullable UUID operationId, String decidedBy) {}
