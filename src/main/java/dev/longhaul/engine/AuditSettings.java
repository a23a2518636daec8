package dev.longhaul.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the history and the log keep of a run, besides state changes.
///
/// @param progressPercent a report becomes a history entry this many percent after the last entry, e.g. 10
/// @param progressEvery   or this long after the last entry, e.g. 10s
/// @param logLines        how many log lines an operation keeps; 0: none
@ConfigurationProperties("longhaul.audit")
public record AuditSettings(@DefaultValue("10") double progressPercent, @DefaultValue("10s") Duration progressEvery,
        @DefaultValue("10000") int logLines) {

    public AuditSettings {
        if (!(progressPercent > 0)) {
            throw new IllegalArgumentException("longhaul.audit.progress-percent must be above 0, not "
                    + progressPercent);
        }
        if (!progressEvery.isPositive()) {
            throw new IllegalArgumentException("longhaul.audit.progress-every must be positive, not " + progressEvery);
        }
        if (logLines < 0 || logLines > 1_000_000) {
            throw new IllegalArgumentException("longhaul.audit.log-lines must be between 0 and 1000000, not "
                    + logLines);
        }
    }
}
