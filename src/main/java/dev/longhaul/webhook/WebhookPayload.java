package dev.longhaul.webhook;

import dev.longhaul.operation.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a receiver reads: `type`, `timestamp` and `data`, as Standard Webhooks advises.
@Component
class WebhookPayload {

    private final JsonMapper json;

    WebhookPayload(JsonMapper json) {
        this.json = json;
    }

    /// What happened, as the history keeps it.
    ///
    /// @param error of a failed attempt, as JSON
    record Trigger(int seq, WebhookEvent event, Instant at, int attempt, double progress, @Nullable String message,
            String changedBy, @Nullable String reason,
                    @Nullable JsonNode error) {}

    /// The output is told with the completion; it may be a megabyte, and then only its address is.
    private static final int MOST_OUTPUT = 64 * 1024;

    String of(Operation operation, Trigger happened) {
        var root = json.createObjectNode().put("type", happened.event.word()).put("timestamp", happened.at.toString());
        var data = root.putObject("data");
        data.put("operation_id", operation.id().toString()).put("type", operation.type())
                .put("queue", operation.queue()).put("status", status(happened.event));
        data.put("attempt", happened.attempt).put("max_attempts", operation.limits().maxAttempts())
                .put("progress", happened.progress).put("message", happened.message);
        data.set("tags", json.valueToTree(operation.labels().tags()));
        data.set("metadata", operation.labels().metadata());
        data.put("seq", happened.seq).put("changed_by", happened.changedBy).put("reason", happened.reason);
        data.put("error", happened.error == null
                ? null : happened.error.path("message").asString(happened.error.toString()));
        if (happened.event == WebhookEvent.COMPLETED && operation.output() != null
                && operation.output().toString().length() <= MOST_OUTPUT) {
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
