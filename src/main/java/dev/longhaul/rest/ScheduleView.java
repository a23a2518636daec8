package dev.longhaul.rest;

import dev.longhaul.operation.TimeSpan;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.Timing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A schedule as an answer.
///
/// @param nextFires the next ten moments; none if it is paused for good or over
/// @param lastFire  the last moment that was decided
@JsonNaming(SnakeCaseStrategy.class)
record ScheduleView(String scheduleId, String name, @Nullable String cron, @Nullable String zone,
        @Nullable String every, @Nullable Instant at, String jitter, String overlap,
                    String catchUp, Work operation, boolean paused, @Nullable Instant pausedAt,
                            @Nullable String pausedBy, @Nullable String pausedReason,
                    @Nullable Instant nextFire, List<Instant> nextFires, @Nullable Instant lastFire, Instant createdAt,
                            Instant changedAt, String changedBy) {

    /// What is started.
    @JsonNaming(SnakeCaseStrategy.class)
    record Work(String type, JsonNode input, String queue, int priority, int maxAttempts, @Nullable String timeout,
            List<String> tags, JsonNode metadata) {}

    static ScheduleView of(Schedule schedule, List<Instant> nextFires) {
        var terms = schedule.spec();
        var work = terms.work();
        var cron = terms.timing() instanceof Timing.Cron one ? one : null;
        var pause = schedule.pause();
        return new ScheduleView(schedule.id().toString(), terms.name(), cron == null ? null : cron.expression(), cron == null
                ? null : cron.zone().getId(),
                terms.timing() instanceof Timing.Every one ? TimeSpan.of(one.interval()) : null, terms.timing()
                instanceof Timing.Once one ? one.at() : null,
                TimeSpan.of(terms.jitter()), terms.overlap().word(), terms.catchUp().word(),
                new Work(work.type(), work.input(), work.queue(), work.priority(), work.limits().maxAttempts(),
                        work.limits().timeout() == null ? null : TimeSpan.of(work.limits().timeout()), work.labels()
                        .tags(), work.labels().metadata()),
                pause != null, pause == null ? null : pause.since(), pause == null ? null : pause.by(), pause == null
                ? null : pause.reason(),
                schedule.nextRunAt(), nextFires, schedule.lastRunAt(), schedule.createdAt(), schedule.changedAt(),
                schedule.changedBy());
    }
}
