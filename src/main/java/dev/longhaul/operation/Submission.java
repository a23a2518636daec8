package dev.longhaul.operation;

import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// @param priority       -100 to 100, higher first
/// @param runAt          earliest start; null: now
/// @param concurrency    null: no concurrency key
/// @param idempotencyKey a second submission with this key, type and input returns the first operation; null: none
/// @param traceParent    W3C trace context of the request, e.g.
///     `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`
public record Submission(String type, JsonNode input, String queue, int priority, @Nullable Instant runAt,
        Limits limits, @Nullable Concurrency concurrency, Labels labels, @Nullable String idempotencyKey,
        @Nullable String traceParent) {

    public static final String DEFAULT_QUEUE = "default";
    private static final Pattern TRACE_PARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

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
        if (traceParent != null && !TRACE_PARENT.matcher(traceParent).matches()) {
            traceParent = null;   // W3C Trace Context: an invalid context is ignored and starts a new trace
        }
    }

    public static Submission of(String type, JsonNode input) {
        return new Submission(type, input, DEFAULT_QUEUE, 0, null, Limits.DEFAULT, null, Labels.NONE, null, null);
    }

    /// True if other operations with the concurrency key decide whether this one is created.
    public boolean dependsOnActiveOperations() {
        return concurrency != null && concurrency.ifActive() != Concurrency.IfActive.QUEUE;
    }

    public Submission withInput(JsonNode input) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    public Submission withQueue(String queue) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    public Submission withPriority(int priority) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    public Submission withRunAt(@Nullable Instant runAt) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    /// E.g. `with(limits -> limits.withMaxAttempts(1))`.
    public Submission with(UnaryOperator<Limits> change) {
        return new Submission(type, input, queue, priority, runAt, change.apply(limits), concurrency, labels,
                idempotencyKey, traceParent);
    }

    public Submission withConcurrency(@Nullable Concurrency concurrency) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    public Submission withLabels(Labels labels) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }

    public Submission withIdempotencyKey(@Nullable String key) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, key, traceParent);
    }

    public Submission withTraceParent(@Nullable String traceParent) {
        return new Submission(type, input, queue, priority, runAt, limits, concurrency, labels, idempotencyKey,
                traceParent);
    }
}
