package dev.longhaul.operation;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What somebody asks to be run.
///
/// @param priority       -100 to 100, higher first
/// @param runAt          not before; null: now
/// @param idempotencyKey the same key with the same type and input gives the operation that is there already
public record Submission(String type, JsonNode input, String queue, int priority, @Nullable Instant runAt, Limits limits,
                         @Nullable String idempotencyKey) {

    public static final String DEFAULT_QUEUE = "default";

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
        if (idempotencyKey != null) {
            Text.storable("idempotency key", idempotencyKey, 200);
        }
    }

    public static Submission of(String type, JsonNode input) {
        return new Submission(type, input, DEFAULT_QUEUE, 0, null, Limits.DEFAULT, null);
    }

    public Submission withQueue(String queue) {
        return new Submission(type, input, queue, priority, runAt, limits, idempotencyKey);
    }

    public Submission withPriority(int priority) {
        return new Submission(type, input, queue, priority, runAt, limits, idempotencyKey);
    }

    public Submission withRunAt(@Nullable Instant runAt) {
        return new Submission(type, input, queue, priority, runAt, limits, idempotencyKey);
    }

    /// E.g. `with(limits -> limits.withMaxAttempts(1))`.
    public Submission with(UnaryOperator<Limits> change) {
        return new Submission(type, input, queue, priority, runAt, change.apply(limits), idempotencyKey);
    }

    public Submission withIdempotencyKey(@Nullable String key) {
        return new Submission(type, input, queue, priority, runAt, limits, key);
    }
}
