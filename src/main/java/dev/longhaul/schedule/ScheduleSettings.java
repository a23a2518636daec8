package dev.longhaul.schedule;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled false: this node starts nothing by the clock
/// @param batch   how many due schedules one transaction takes, 1 to 5000
/// @param grace   a moment that nobody decided for so long was missed, and the schedule's catch_up says what becomes of
///     it, e.g. 1m
/// @param keep    how long the log of fires is kept, e.g. 90d
@ConfigurationProperties("longhaul.schedule")
record ScheduleSettings(@DefaultValue("true") boolean enabled, @DefaultValue("500") int batch,
        @DefaultValue("1m") Duration grace,
                        @DefaultValue("90d") Duration keep) {

    ScheduleSettings {
        if (batch < 1 || batch > 5_000) {
            throw new IllegalArgumentException("longhaul.schedule.batch must be between 1 and 5000, not " + batch);
        }
        if (grace.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longhaul.schedule.grace must be at least 1s, not " + grace);
        }
        if (keep.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("longhaul.schedule.keep must be at least a day, not " + keep);
        }
    }
}
