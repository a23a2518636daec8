package dev.longhaul.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What is kept of a run besides its edges.
///
/// @param progressPercent a report is also an entry of the history when the work got so many percent further since the
///     last one that is, e.g. 10
/// @param progressEvery   or when so much time passed since, e.g. 10s
/// @param logLines        how many lines of its tasks' logs an operation keeps; 0: none
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
