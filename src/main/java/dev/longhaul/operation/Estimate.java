package dev.longhaul.operation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.OptionalDouble;

/// How much longer an operation takes, if it goes on as it went: time so far × percent left ÷ percent done, the
/// reference's own formula (30.5 s for 75 % leave 10.2 s).
public final class Estimate {

    /// A first report in the first moment ("step 1 of 5") would promise the end at once.
    private static final Duration LEAST = Duration.ofSeconds(1);

    private Estimate() {
    }

    /// Empty where there is nothing honest to say: not running, too early, nothing done or nothing left. And in a later
    /// attempt: it began where its checkpoints end, which the row does not tell, so its time and its percent do not
    /// belong together.
    public static OptionalDouble remaining(Operation operation) {
        var percent = operation.progress().percent();
        if (operation.status() != Status.RUNNING || operation.attempt() != 1 || operation.attemptStartedAt() == null
                || percent <= 0 || percent >= 100) {
            return OptionalDouble.empty();
        }
        var spent = Duration.between(operation.attemptStartedAt(), operation.readAt());
        return spent.compareTo(LEAST) < 0
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
