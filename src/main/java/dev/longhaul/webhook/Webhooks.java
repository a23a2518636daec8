package dev.longhaul.webhook;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.store.OperationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Creates, changes, deletes and tests webhooks.
@Service
public class Webhooks {

    private static final String QUEUE = "webhooks";

    private final WebhookStore store;
    private final WebhookClient client;
    private final WebhookPayload payloads;
    private final OperationStore operations;
    private final WebhookSettings settings;

    Webhooks(WebhookStore store, WebhookClient client, WebhookPayload payloads, OperationStore operations,
            WebhookSettings settings) {
        this.store = store;
        this.client = client;
        this.payloads = payloads;
        this.operations = operations;
        this.settings = settings;
    }

    /// @param secret returned only here
    public record WithSecret(Webhook webhook, String secret) {}

    /// @param operation operation that delivers it
    public record Sent(UUID delivery, OperationId operation) {}

    /// @throws IllegalArgumentException if the URL, an event or the filter is invalid
    @Transactional
    public WithSecret add(String url, List<String> events, String filter, String description, Caller caller) {
        var secret = WebhookSignature.newSecret();
        return new WithSecret(store.insert(checkedUrl(url), checkedEvents(events), checkedFilter(filter),
                Text.storable("description", description, 1_000), secret,
                caller.name()), secret);
    }

    /// Null parameters leave a field unchanged.
    ///
    /// @throws IllegalArgumentException if the URL, an event or the filter is invalid
    @Transactional
    public Optional<Webhook> change(UUID id, @Nullable String url, @Nullable List<String> events,
            @Nullable String filter, @Nullable String description, @Nullable Boolean disabled, Caller caller) {
        return store.update(id, url == null ? null : checkedUrl(url), events == null ? null : checkedEvents(events),
                filter == null ? null : checkedFilter(filter),
                description == null ? null : Text.storable("description", description, 1_000), disabled, caller.name());
    }

    private String checkedUrl(String url) {
        client.checked(Text.storable("url", url, 2_000));
        return url;
    }

    private static List<String> checkedEvents(List<String> events) {
        return WebhookEvent.parse(events).stream().map(WebhookEvent::word).toList();
    }

    private static String checkedFilter(String filter) {
        Filter.parse(Text.storable("filter", filter, 2_000));
        return filter;
    }

    /// Creates a new secret. Deliveries are also signed with the previous one for a while. Empty: there is no such
    /// webhook.
    public Optional<WithSecret> rotate(UUID id, Caller caller) {
        var secret = WebhookSignature.newSecret();
        return store.rotate(id, secret, settings.previousSecret(), caller.name())
                .map(webhook -> new WithSecret(webhook, secret));
    }

    public boolean remove(UUID id) {
        return store.delete(id);
    }

    public Optional<Webhook> find(UUID id) {
        return store.find(id);
    }

    public List<Webhook> all() {
        return store.all();
    }

    /// Newest first.
    public List<Delivery> deliveries(UUID id, @Nullable Instant before, int limit) {
        return store.deliveries(id, before, limit);
    }

    /// Sends a test event. Empty: there is no such webhook.
    @Transactional
    public Optional<Sent> test(UUID id) {
        return store.find(id).map(webhook -> deliver(id, "webhook.test", null, null, payloads.test(Instant.now())));
    }

    /// Sends a delivery again, with the same `webhook-id`. Empty: there is no such delivery.
    @Transactional
    public Optional<Sent> redeliver(UUID id, UUID delivery, Caller caller) {
        return store.delivery(delivery).filter(found -> found.webhookId().equals(id)).map(_ -> {
            var operation = operations.submit(submission(delivery), caller).operation().id();
            store.setOperation(delivery, operation);
            return new Sent(delivery, operation);
        });
    }

    /// Runs in the caller's transaction, so that delivery and operation are created together.
    Sent deliver(UUID webhook, String event, @Nullable UUID subject, @Nullable Integer seq, String payload) {
        var delivery = UUID.randomUUID();
        var operation = operations.submit(submission(delivery), new Caller("webhook " + webhook, "engine"))
                .operation().id();
        store.add(delivery, webhook, event, subject, seq, payload, operation);
        return new Sent(delivery, operation);
    }

    private static Submission submission(UUID delivery) {
        return Submission.of(DeliveryTask.TYPE, JsonNodeFactory.instance.objectNode().put("delivery_id",
                delivery.toString())).withQueue(QUEUE)
                .with(limits -> limits.withMaxAttempts(DeliveryTask.MAX_ATTEMPTS));
    }
}
