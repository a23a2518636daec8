package dev.longhaul.engine;

import java.time.Duration;

/// How long to wait before the next attempt: doubling, with jitter, so that what failed together does not come back together.
record Backoff(Duration first, Duration longest) {

    /// @param failures how many attempts have failed, at least 1
    /// @param jitter   0 (inclusive) to 1 (exclusive)
    /// @return between one half and the whole of `first * 2^(failures - 1)`, at most `longest`
    Duration after(int failures, double jitter) {
        var doublings = Math.min(failures - 1, 40);
        var full = Math.min(first.toMillis() * Math.pow(2, doublings), longest.toMillis());
        return Duration.ofMillis(Math.max(1, (long) (full * (0.5 + jitter / 2))));
    }
}
