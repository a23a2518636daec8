package dev.longhaul.operation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// @param percent 0 to 100; the database keeps two decimals
/// @param current finished units of `total`; null: the task does not count units
/// @param message for people, e.g. `Processing step 3/5`; null: none
public record Progress(double percent, @Nullable Long current, @Nullable Long total, @Nullable String message) {

    public static final Progress NONE = new Progress(0, null, null, null);
    public static final int MESSAGE_LIMIT = 2_000;

    public Progress {
        if (!(percent >= 0 && percent <= 100)) {   // also false for NaN
            throw new IllegalArgumentException("progress must be between 0 and 100, not " + percent);
        }
        if (message != null) {
            message = Text.cleaned(message, MESSAGE_LIMIT);
        }
    }

    /// @throws IllegalArgumentException unless 0 <= current <= total and total > 0
    public static Progress of(long current, long total, @Nullable String message) {
        if (total <= 0 || current < 0 || current > total) {
            throw new IllegalArgumentException("progress must be 0 <= current <= total with total > 0, not " + current
                    + " of " + total);
        }
        return new Progress(rounded(100.0 * current / total), current, total, message);
    }

    public static Progress percent(double percent, @Nullable String message) {
        return new Progress(rounded(percent), null, null, message);
    }

    /// Rounds down, so that 99.999 does not become 100.
    private static double rounded(double percent) {
        return Double.isFinite(percent) ? BigDecimal.valueOf(percent).setScale(2, RoundingMode.DOWN)
                .doubleValue() : percent;
    }
}
