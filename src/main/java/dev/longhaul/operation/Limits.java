package dev.longhaul.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How often an operation may fail, and how long it may take.
///
/// @param maxAttempts      1 to 1000: how many attempts may fail
/// @param retry            the pauses between them; null: those of its task, or of the settings
/// @param timeout          run time allowed per attempt; null: none
/// @param heartbeatTimeout how long a run may say nothing at all before its attempt has failed; null: for ever
/// @param startBy          it fails unless its first attempt has begun by then; null: no matter
/// @param deadline         it fails unless it is over by then, whatever attempts are left; null: none
public record Limits(int maxAttempts, @Nullable RetryPolicy retry, @Nullable Duration timeout,
        @Nullable Duration heartbeatTimeout,
                     @Nullable Instant startBy, @Nullable Instant deadline) {

    public static final Limits DEFAULT = new Limits(5, null, null, null, null, null);

    public Limits {
        if (maxAttempts < 1 || maxAttempts > 1000) {
            throw new IllegalArgumentException("max_attempts must be between 1 and 1000, not " + maxAttempts);
        }
        requirePositive("timeout", timeout);
        requirePositive("heartbeat_timeout", heartbeatTimeout);
    }

    private static void requirePositive(String what, @Nullable Duration duration) {
        if (duration != null && !duration.isPositive()) {
            throw new IllegalArgumentException(what + " must be positive, not " + duration);
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
