package dev.longhaul.operation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.OptionalDouble;

/// Estimates the remaining time of an operation: elapsed time × percent left ÷ percent done. This is the formula of the
/// reference interface (30.5 s for 75 % leave 10.2 s).
public final class Estimate {

    /// An early first report ("step 1 of 5" after 1 ms) would give an estimate near zero.
    private static final Duration MIN_ELAPSED = Duration.ofSeconds(1);

    private Estimate() {
    }

    /// Empty if the operation is not running, has just started, or reports 0 or 100 percent. Empty in a later attempt,
    /// too: it resumed from a checkpoint, so its percent does not match its elapsed time.
    public static OptionalDouble remaining(Operation operation) {
        var percent = operation.progress().percent();
        if (operation.status() != Status.RUNNING || operation.attempt() != 1 || operation.attemptStartedAt() == null
                || percent <= 0 || percent >= 100) {
            return OptionalDouble.empty();
        }
        var spent = Duration.between(operation.attemptStartedAt(), operation.readAt());
        return spent.compareTo(MIN_ELAPSED) < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(rounded(spent.toMillis() / 1000.0 * (100 - percent) / percent, 1));
    }

    public static double seconds(Duration duration, int decimals) {
        return rounded(duration.toMillis() / 1000.0, decimals);
    }

    private static double rounded(double value, int decimals) {
        return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).doubleValue();
    }
}
