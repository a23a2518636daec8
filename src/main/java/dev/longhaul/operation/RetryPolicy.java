package dev.longhaul.operation;

import java.time.Duration;
import java.util.List;

/// The delay before the next attempt. Jitter spreads the retries of operations that failed together.
public sealed interface RetryPolicy {

    /// Between half and all of `first * factor^(failures - 1)`, at most `longest`.
    record Exponential(Duration first, double factor, Duration longest) implements RetryPolicy {

        public Exponential {
            requirePause("first", first);
            requirePause("longest", longest);
            if (!(factor >= 1 && factor <= 10)) {
                throw new IllegalArgumentException("factor must be between 1 and 10, not " + factor);
            }
            if (longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("longest must be at least first, which is " + first + ", not "
                        + longest);
            }
        }

        @Override
        public Duration pause(int failures, double jitter) {
            var full = Math.min(first.toMillis() * Math.pow(factor, Math.min(failures - 1, 400)), longest.toMillis());
            return Duration.ofMillis(Math.max(1, (long) (full * (0.5 + jitter / 2))));
        }
    }

    record Fixed(Duration delay) implements RetryPolicy {

        public Fixed {
            requirePause("delay", delay);
        }

        @Override
        public Duration pause(int failures, double jitter) {
            return delay;
        }
    }

    /// One delay per failure; the last one repeats.
    record Listed(List<Duration> delays) implements RetryPolicy {

        public Listed {
            delays = List.copyOf(delays);
            if (delays.isEmpty() || delays.size() > 100) {
                throw new IllegalArgumentException("delays must have 1 to 100 elements, not " + delays.size());
            }
            delays.forEach(delay -> requirePause("delays", delay));
        }

        @Override
        public Duration pause(int failures, double jitter) {
            return delays.get(Math.min(failures, delays.size()) - 1);
        }
    }

    /// @param failures failed attempts, at least 1
    /// @param jitter   0 (inclusive) to 1 (exclusive)
    Duration pause(int failures, double jitter);

    private static void requirePause(String what, Duration pause) {
        if (!pause.isPositive() || pause.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(what + " must be more than 0 s and at most 365 days, not "
                    + pause);
        }
    }
}
