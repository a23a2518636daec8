package dev.longhaul.history;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param keepFinished how long completed and cancelled operations are kept after their end, e.g. 30d. Default: for
///     ever
/// @param keepFailed   how long failed ones are. Default: as long
/// @param mostKept     a day of which more than so many operations would have to stay is left as it is: they are moved
///     while all others wait
/// @param exportFolder where a day's operations are written to before they leave. Default: they are not
/// @param exportFormat how: `jsonl` or `csv`, each compressed by gzip
@ConfigurationProperties("longhaul.retention")
public record RetentionSettings(@Nullable Duration keepFinished, @Nullable Duration keepFailed,
        @DefaultValue("5000") int mostKept, @Nullable Path exportFolder,
                         @DefaultValue("jsonl") ExportTask.Format exportFormat) {

    private static final Duration SHORTEST = Duration.ofDays(1);

    public RetentionSettings {
        if (keepFinished != null && keepFinished.compareTo(SHORTEST) < 0 || keepFailed != null
                && keepFailed.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("longhaul.retention.keep-finished and keep-failed must be at least "
                    + "1d, not " + keepFinished + " and " + keepFailed);
        }
        if (keepFailed != null && keepFinished == null) {
            throw new IllegalArgumentException("longhaul.retention.keep-failed means nothing without keep-finished");
        }
        keepFailed = keepFailed == null ? keepFinished : keepFailed;
        if (mostKept < 0 || mostKept > 100_000) {
            throw new IllegalArgumentException("longhaul.retention.most-kept must be between 0 and 100000, not "
                    + mostKept);
        }
    }
}
