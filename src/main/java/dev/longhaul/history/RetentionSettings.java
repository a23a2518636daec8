package dev.longhaul.history;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param keepFinished      how long completed and cancelled operations are kept after their end, e.g. 30d; default: no
///     limit
/// @param keepFailed        how long failed operations are kept; default: as keep-finished
/// @param maxRetainedPerDay a day with more operations to retain is not deleted, because moving them blocks other
///     writes
/// @param exportFolder      folder to which a day is exported before its deletion; default: no export
/// @param exportFormat      `jsonl` or `csv`, compressed by gzip
@ConfigurationProperties("longhaul.retention")
public record RetentionSettings(@Nullable Duration keepFinished, @Nullable Duration keepFailed,
        @DefaultValue("5000") int maxRetainedPerDay, @Nullable Path exportFolder,
        @DefaultValue("jsonl") ExportTask.Format exportFormat) {

    private static final Duration MIN_RETENTION = Duration.ofDays(1);

    public RetentionSettings {
        if (keepFinished != null && keepFinished.compareTo(MIN_RETENTION) < 0 || keepFailed != null
                && keepFailed.compareTo(MIN_RETENTION) < 0) {
            throw new IllegalArgumentException("longhaul.retention.keep-finished and keep-failed must be at least "
                    + "1d, not " + keepFinished + " and " + keepFailed);
        }
        if (keepFailed != null && keepFinished == null) {
            throw new IllegalArgumentException("longhaul.retention.keep-failed requires keep-finished");
        }
        keepFailed = keepFailed == null ? keepFinished : keepFailed;
        if (maxRetainedPerDay < 0 || maxRetainedPerDay > 100_000) {
            throw new IllegalArgumentException("longhaul.retention.max-retained-per-day must be between 0 and "
                    + "100000, not "
                    + maxRetainedPerDay);
        }
    }
}
