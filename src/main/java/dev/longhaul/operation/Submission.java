package dev.longhaul.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What somebody asks to be run.
///
/// @param priority       -100 to 100, higher first
/// @param runAt          not before; null: now
/// @param maxAttempts    1 to 1000: how many attempts may fail
/// @param timeout        run time allowed per attempt; null: none
/// @param idempotencyKey the same key with the same type and input gives the operation that is there already
public record Submission(String type, JsonNode input, String queue, int priority, @Nullable Instant runAt,
                         int maxAttempts, @Nullable Duration timeout, @Nullable String idempotencyKey) {

    public static final String DEFAULT_QUEUE = "default";
    public static final int DEFAULT_MAX_ATTEMPTS = 5;

    public Submission {
        Text.storable("type", type, 200);
        Text.storable("queue", queue, 200);
        StorableJson.required("input", input);
        if (type.isBlank() || queue.isBlank()) {
            throw new IllegalArgumentException("type and queue must not be blank");
        }
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException("priority must be between -100 and 100, not " + priority);
        }
        if (maxAttempts < 1 || maxAttempts > 1000) {
            throw new IllegalArgumentException("max_attempts must be between 1 and 1000, not " + maxAttempts);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
        if (idempotencyKey != null) {
            Text.storable("idempotency key", idempotencyKey, 200);
        }
    }

    public static Submission of(String type, JsonNode input) {
        return new Submission(type, input, DEFAULT_QUEUE, 0, null, DEFAULT_MAX_ATTEMPTS, null, null);
    }

    public Submission withIdempotencyKey(@Nullable String key) {
        return new Submission(type, input, queue, priority, runAt, maxAttempts, timeout, key);
    }

    public Submission withTimeout(@Nullable Duration timeout) {
        return new Submission(type, input, queue, priority, runAt, maxAttempts, timeout, idempotencyKey);
    }

    public Submission withRunAt(@Nullable Instant runAt) {
        return new Submission(type, input, queue, priority, runAt, maxAttempts, timeout, idempotencyKey);
    }

    public Submission withMaxAttempts(int maxAttempts) {
        return new Submission(type, input, queue, priority, runAt, maxAttempts, timeout, idempotencyKey);
    }
}
