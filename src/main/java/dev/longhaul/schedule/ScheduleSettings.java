package dev.longhaul.schedule;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled          false: this node starts no scheduled runs
/// @param batch            due schedules per transaction, 1 to 5000
/// @param misfireThreshold delay after which a run is missed and the schedule's catch_up decides, e.g. 1m
/// @param runLogRetention  age at which entries of the run log are deleted, e.g. 90d
@ConfigurationProperties("longhaul.schedule")
record ScheduleSettings(@DefaultValue("true") boolean enabled, @DefaultValue("500") int batch,
        @DefaultValue("1m") Duration misfireThreshold, @DefaultValue("90d") Duration runLogRetention) {

    ScheduleSettings {
        if (batch < 1 || batch > 5_000) {
            throw new IllegalArgumentException("longhaul.schedule.batch must be between 1 and 5000, not " + batch);
        }
        if (misfireThreshold.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longhaul.schedule.misfire-threshold must be at least 1s, not "
                    + misfireThreshold);
        }
        if (runLogRetention.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("longhaul.schedule.run-log-retention must be at least 1d, not "
                    + runLogRetention);
        }
    }
}
