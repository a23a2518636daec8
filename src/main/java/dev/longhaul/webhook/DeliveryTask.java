package dev.longhaul.webhook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.outbound.ForbiddenAddress;
import dev.longhaul.store.LostConnections;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RetryLater;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sends a delivery to its receiver. A failed attempt is retried like that of any operation.
@TaskType(value = DeliveryTask.TYPE, description =
        "Sends a delivery to its webhook. The service submits it for every event that a webhook subscribes to.")
class DeliveryTask implements Task<DeliveryTask.Input, DeliveryTask.Output> {

    static final String TYPE = "webhook_delivery";
    static final int MAX_ATTEMPTS = 10;
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);
    private static final RetryPolicy RETRY_DELAYS = new RetryPolicy.Listed(List.of(Duration.ofSeconds(5),
            Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10),
            Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(6),
            Duration.ofHours(12)));

    private final WebhookStore store;
    private final WebhookClient client;

    DeliveryTask(WebhookStore store, WebhookClient client) {
        this.store = store;
        this.client = client;
    }

    record Input(@JsonPropertyDescription("Id of the delivery") UUID deliveryId) {}

    record Output(int status) {}

    @Override
    public @Nullable Output run(Input input, TaskContext context) throws Exception {
        var delivery = LostConnections.repeat(() -> store.delivery(input.deliveryId))
                .orElseThrow(() -> new NotRetryable("there is no delivery " + input.deliveryId));
        if (delivery.isDisabled()) {
            throw new NotRetryable("the webhook is disabled");
        }
        return evaluate(delivery, send(delivery, context), context);
    }

    private WebhookClient.Reply send(WebhookStore.Outgoing delivery, TaskContext context) throws Exception {
        var startedAt = System.nanoTime();
        try {
            var reply = client.post(client.checked(delivery.url()), delivery.payload(), headers(delivery));
            var problem = reply.status() / 100 == 2 ? null : "HTTP " + reply.status();
            record(delivery, context, reply.status(), startedAt, problem);
            return reply;
        } catch (IOException | IllegalArgumentException failed) {
            var problem = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            record(delivery, context, null, startedAt, problem);
            if (failed instanceof ForbiddenAddress || failed instanceof IllegalArgumentException) {
                throw new NotRetryable(problem, failed);
            }
            throw failed;
        }
    }

    private void record(WebhookStore.Outgoing delivery, TaskContext context, @Nullable Integer status, long startedAt,
            @Nullable String problem) {
        var took = Duration.ofNanos(System.nanoTime() - startedAt);
        LostConnections.repeat(() -> {
            store.recordAttempt(delivery.id(), context.operationId(), status, took, problem);
            return true;
        });
    }

    private static Map<String, String> headers(WebhookStore.Outgoing delivery) {
        var timestamp = delivery.now().getEpochSecond();
        var id = "msg_" + delivery.id();
        return Map.of("webhook-id", id, "webhook-timestamp", String.valueOf(timestamp), "webhook-signature",
                WebhookSignature.of(id, timestamp, delivery.payload(), delivery.secrets()));
    }

    private Output evaluate(WebhookStore.Outgoing delivery, WebhookClient.Reply reply, TaskContext context)
            throws Exception {
        if (reply.status() / 100 == 2) {
            context.conclude("HTTP " + reply.status() + " from " + host(delivery.url()));
            return new Output(reply.status());
        }
        if (reply.status() == 410) {
            store.disable(delivery.webhookId(), "the receiver answered 410 Gone");
            throw new NotRetryable("the receiver answered 410 Gone: the webhook is disabled");
        }
        var retryAfter = retryAfter(reply.retryAfter());
        if (retryAfter != null) {
            throw new RetryLater(retryAfter, "the receiver answered HTTP " + reply.status() + " with Retry-After "
                    + retryAfter);
        }
        throw new IOException("the receiver answered HTTP " + reply.status());
    }

    private static String host(String url) {
        return URI.create(url).getHost();
    }

    private static @Nullable Duration retryAfter(@Nullable String seconds) {
        if (seconds == null || !seconds.matches("[0-9]{1,9}")) {
            return null;
        }
        var asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(MAX_RETRY_AFTER) < 0 ? asked : MAX_RETRY_AFTER;
    }

    @Override
    public RetryPolicy retryPolicy() {
        return RETRY_DELAYS;
    }
}
