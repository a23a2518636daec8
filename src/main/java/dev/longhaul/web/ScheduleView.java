package dev.longhaul.web;

import dev.longhaul.operation.TimeSpan;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.Timing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// @param nextRuns the next ten due times; empty if it is paused for good or has ended
/// @param lastRun  due time of the latest run that was decided
@JsonNaming(SnakeCaseStrategy.class)
public record ScheduleView(String scheduleId, String name, @Nullable String cron, @Nullable String zone,
        @Nullable String every, @Nullable Instant at, String jitter, String overlap,
                    String catchUp, ScheduledOperation operation, boolean paused, @Nullable Instant pausedAt,
                            @Nullable String pausedBy, @Nullable String pausedReason,
                    @Nullable Instant nextRun, List<Instant> nextRuns, @Nullable Instant lastRun, Instant createdAt,
                            Instant changedAt, String changedBy) {

    /// The operation that each run submits.
    @JsonNaming(SnakeCaseStrategy.class)
    public record ScheduledOperation(String type, JsonNode input, String queue, int priority, int maxAttempts,
            @Nullable String timeout,
            List<String> tags, JsonNode metadata) {}

    public static ScheduleView of(Schedule schedule, List<Instant> nextRuns) {
        var terms = schedule.spec();
        var work = terms.work();
        var cron = terms.timing() instanceof Timing.Cron one ? one : null;
        var pause = schedule.pause();
        return new ScheduleView(schedule.id().toString(), terms.name(), cron == null ? null : cron.expression(),
                cron == null
                ? null : cron.zone().getId(),
                terms.timing() instanceof Timing.Every one ? TimeSpan.of(one.interval()) : null, terms.timing()
                instanceof Timing.Once one ? one.at() : null,
                TimeSpan.of(terms.jitter()), terms.overlap().word(), terms.catchUp().word(),
                new ScheduledOperation(work.type(), work.input(), work.queue(), work.priority(),
                work.limits().maxAttempts(),
                        work.limits().timeout() == null ? null : TimeSpan.of(work.limits().timeout()), work.labels()
                        .tags(), work.labels().metadata()),
                pause != null, pause == null ? null : pause.since(), pause == null ? null : pause.by(), pause == null
                ? null : pause.reason(),
                schedule.nextRunAt(), nextRuns, schedule.lastRunAt(), schedule.createdAt(), schedule.changedAt(),
                schedule.changedBy());
    }
}
