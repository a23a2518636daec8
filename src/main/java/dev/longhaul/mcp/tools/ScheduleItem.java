package dev.longhaul.mcp.tools;

import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.schedule.Timing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A schedule, as the tools tell it.
///
/// @param nextFires the next five times
@JsonNaming(SnakeCaseStrategy.class)
record ScheduleItem(String scheduleId, String name, String taskType, @Nullable String cron, @Nullable String zone,
        @Nullable Long everySeconds, @Nullable Instant at,
                    String overlap, String catchUp, boolean paused, @Nullable String pausedReason,
                            List<Instant> nextFires, @Nullable Instant lastFire) {

    private static final int AHEAD = 5;

    static ScheduleItem of(Schedule schedule, Schedules schedules) {
        var terms = schedule.spec();
        var cron = terms.timing() instanceof Timing.Cron one ? one : null;
        return new ScheduleItem(schedule.id().toString(), terms.name(), terms.work().type(), cron == null
                ? null : cron.expression(), cron == null ? null : cron.zone().getId(),
                terms.timing() instanceof Timing.Every every ? every.interval().toSeconds() : null, terms.timing()
                instanceof Timing.Once once ? once.at() : null,
                terms.overlap().word(), terms.catchUp().word(), schedule.pause() != null, schedule.pause() == null
                ? null : schedule.pause().reason(),
                schedules.preview(terms.timing(), null, AHEAD), schedule.lastRunAt());
    }
}
