package dev.longhaul.webhook;

import dev.longhaul.operation.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of a delivery: `type`, `timestamp` and `data`, as recommended by Standard Webhooks.
@Component
class WebhookPayload {

    private final JsonMapper json;

    WebhookPayload(JsonMapper json) {
        this.json = json;
    }

    /// The history entry that triggers a delivery.
    ///
    /// @param error of a failed attempt; null: none
    record Trigger(int seq, WebhookEvent event, Instant at, int attempt, double progress, @Nullable String message,
            String changedBy, @Nullable String reason, @Nullable JsonNode error) {}

    /// A longer output is left out; the receiver can fetch it from `url`.
    private static final int MAX_OUTPUT_LENGTH = 64 * 1024;

    String of(Operation operation, Trigger trigger) {
        var root = json.createObjectNode().put("type", trigger.event.word()).put("timestamp", trigger.at.toString());
        var data = root.putObject("data");
        data.put("operation_id", operation.id().toString()).put("type", operation.type())
                .put("queue", operation.queue()).put("status", status(trigger.event));
        data.put("attempt", trigger.attempt).put("max_attempts", operation.limits().maxAttempts())
                .put("progress", trigger.progress).put("message", trigger.message);
        data.set("tags", json.valueToTree(operation.labels().tags()));
        data.set("metadata", operation.labels().metadata());
        data.put("seq", trigger.seq).put("changed_by", trigger.changedBy).put("reason", trigger.reason);
        data.put("error", trigger.error == null
                ? null : trigger.error.path("message").asString(trigger.error.toString()));
        if (trigger.event == WebhookEvent.COMPLETED && operation.output() != null
                && operation.output().toString().length() <= MAX_OUTPUT_LENGTH) {
            data.set("output", operation.output());
        }
        data.put("url", "/api/v1/operations/" + operation.id());
        return json.writeValueAsString(root);
    }

    private static String status(WebhookEvent event) {
        return switch (event) {
            case SUBMITTED, RETRYING -> "pending";
            case STARTED -> "running";
            case WAITING -> "waiting";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    String test(Instant now) {
        var root = json.createObjectNode().put("type", "webhook.test").put("timestamp", now.toString());
        root.putObject("data").put("message", "a test of this webhook");
        return json.writeValueAsString(root);
    }
}
