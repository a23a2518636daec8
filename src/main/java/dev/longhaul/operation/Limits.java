package dev.longhaul.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// @param maxAttempts      attempts that may fail, 1 to 1000
/// @param retry            delays between attempts; null: those of the task or of the settings
/// @param timeout          maximum run time of an attempt; null: none
/// @param heartbeatTimeout maximum time between reports of a run; null: none
/// @param startBy          latest start of the first attempt; null: none
/// @param deadline         latest end of the operation, whatever attempts are left; null: none
public record Limits(int maxAttempts, @Nullable RetryPolicy retry, @Nullable Duration timeout,
        @Nullable Duration heartbeatTimeout, @Nullable Instant startBy, @Nullable Instant deadline) {

    public static final Limits DEFAULT = new Limits(5, null, null, null, null, null);

    public Limits {
        if (maxAttempts < 1 || maxAttempts > 1000) {
            throw new IllegalArgumentException("max_attempts must be between 1 and 1000, not " + maxAttempts);
        }
        requirePositive("timeout", timeout);
        requirePositive("heartbeat_timeout", heartbeatTimeout);
    }

    private static void requirePositive(String what, @Nullable Duration duration) {
        if (duration != null && duration.compareTo(Duration.ofMillis(1)) < 0) {
            throw new InvalidMember("/" + what, what + " must be at least 1ms, not " + duration);
        }
    }

    public Limits withMaxAttempts(int maxAttempts) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }

    public Limits withRetry(@Nullable RetryPolicy retry) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }

    public Limits withTimeout(@Nullable Duration timeout) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }

    public Limits withHeartbeatTimeout(@Nullable Duration heartbeatTimeout) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }

    public Limits withStartBy(@Nullable Instant startBy) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }

    public Limits withDeadline(@Nullable Instant deadline) {
        return new Limits(maxAttempts, retry, timeout, heartbeatTimeout, startBy, deadline);
    }
}
