package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.webhook.Delivery;
import dev.longhaul.webhook.Webhook;
import dev.longhaul.webhook.Webhooks;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Creates, reads, updates and deletes webhooks, and reads their deliveries.
@RestController
class WebhooksController {

    private static final int MOST = 200;

    private final Webhooks webhooks;

    WebhooksController(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    record WebhookRequest(
            @JsonPropertyDescription("Target, e.g. https://hooks.example.org/longhaul") @Size(min = 1,
            max = 2_000) String url,
            @JsonPropertyDescription("Events to deliver: operation.submitted, started, waiting, retrying, completed, "
            + "failed, cancelled") @Size(min = 1, max = 20) List<String> events,
            @JsonPropertyDescription("Filter of the operations, as in lists; default: all") @Size(max =
            2_000) @Nullable String filter,
            @JsonPropertyDescription("Free text") @Size(max = 1_000) @Nullable String description) {}

    record WebhookPatch(
            @JsonPropertyDescription("Target") @Size(min = 1, max = 2_000) @Nullable String url,
            @JsonPropertyDescription("Events to deliver") @Size(min = 1, max = 20) @Nullable List<String> events,
            @JsonPropertyDescription("Filter of the operations") @Size(max = 2_000) @Nullable String filter,
            @JsonPropertyDescription("Free text") @Size(max = 1_000) @Nullable String description,
            @JsonPropertyDescription("False: nothing is delivered") @Nullable Boolean enabled) {}

    /// @param reason              why it is disabled
    /// @param previousSecretUntil until then deliveries are also signed with the secret before the rotation
    /// @param secret              only in the response that created it
    @JsonNaming(SnakeCaseStrategy.class)
    record WebhookView(UUID webhookId, String url, List<String> events, String filter, String description,
            boolean enabled,
            @Nullable String reason,
                @Nullable Instant previousSecretUntil, @Nullable String secret, Instant createdAt, String createdBy,
                        Instant changedAt, String changedBy) {

        static WebhookView of(Webhook webhook, @Nullable String secret) {
            return new WebhookView(webhook.id(), webhook.url(), webhook.events(), webhook.filter(),
                    webhook.description(),
                    !webhook.disabled(), webhook.reason(),
                    webhook.previousSecretUntil(), secret, webhook.createdAt(), webhook.createdBy(),
                    webhook.changedAt(),
                    webhook.changedBy());
        }
    }

    record WebhookList(List<WebhookView> webhooks) {}

    /// @param operationId         the operation that the event is about
    /// @param deliveryOperationId the operation that delivers it
    /// @param status              of that operation
    /// @param responseStatus      HTTP status of the latest response
    @JsonNaming(SnakeCaseStrategy.class)
    record WebhookDeliveryView(UUID deliveryId, String webhookMessageId, String event, @Nullable UUID operationId,
            UUID deliveryOperationId, @Nullable String status, int attempts, @Nullable Integer responseStatus,
            @Nullable String error, @Nullable Instant lastAttemptAt, Instant createdAt, String payload) {

        static WebhookDeliveryView of(Delivery delivery) {
            return new WebhookDeliveryView(delivery.id(), "msg_" + delivery.id(), delivery.event(),
                    delivery.subjectId(),
                    delivery.operationId(), delivery.state(), delivery.tries(),
                    delivery.answered(), delivery.problem(), delivery.triedAt(), delivery.createdAt(),
                    delivery.payload());
        }
    }

    record WebhookDeliveryPage(List<WebhookDeliveryView> deliveries) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record SubmittedDelivery(UUID deliveryId, String deliveryOperationId) {

        static SubmittedDelivery of(Webhooks.Sent sent) {
            return new SubmittedDelivery(sent.delivery(), sent.operation().toString());
        }
    }

    @Endpoint(value = "Create a webhook", status = 201, problems = ProblemKind.INVALID_FILTER,
            description = "Only this response has the secret that signs the deliveries.")
    @PostMapping("/api/v1/webhooks")
    ResponseEntity<WebhookView> createWebhook(@JsonBody WebhookRequest request, Caller caller) {
        var added = webhooks.add(request.url(), request.events(), request.filter() == null ? "" : request.filter(),
                request.description() == null ? "" : request.description(), caller);
        return ResponseEntity.created(URI.create("/api/v1/webhooks/" + added.webhook().id()))
                .body(WebhookView.of(added.webhook(), added.secret()));
    }

    @Endpoint("List webhooks")
    @GetMapping("/api/v1/webhooks")
    WebhookList listWebhooks() {
        return new WebhookList(webhooks.all().stream().map(webhook -> WebhookView.of(webhook, null)).toList());
    }

    @Endpoint(value = "Get a webhook", problems = ProblemKind.NO_SUCH_WEBHOOK)
    @GetMapping("/api/v1/webhooks/{id}")
    WebhookView getWebhook(@PathVariable String id) {
        return WebhookView.of(find(id), null);
    }

    @Endpoint(value = "Update a webhook", problems = {ProblemKind.NO_SUCH_WEBHOOK, ProblemKind.INVALID_FILTER},
            description = "A merge patch: members that are left out stay as they are.")
    @PatchMapping("/api/v1/webhooks/{id}")
    WebhookView updateWebhook(@PathVariable String id, @JsonBody WebhookPatch request, Caller caller) {
        return webhooks.change(parse(id), request.url(), request.events(), request.filter(), request.description(),
                request.enabled() == null ? null : !request.enabled(), caller)
                .map(webhook -> WebhookView.of(webhook, null)).orElseThrow(() -> none(id));
    }

    @Endpoint(value = "Delete a webhook and its deliveries", status = 204,
            problems = ProblemKind.NO_SUCH_WEBHOOK)
    @DeleteMapping("/api/v1/webhooks/{id}")
    ResponseEntity<Void> deleteWebhook(@PathVariable String id) {
        if (!webhooks.remove(parse(id))) {
            throw none(id);
        }
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Rotate the secret of a webhook", problems = ProblemKind.NO_SUCH_WEBHOOK,
            description =
                    "Until `previous_secret_until` deliveries have two signatures: of the new and of the previous "
                    + "secret.")
    @PostMapping("/api/v1/webhooks/{id}:rotateSecret")
    WebhookView rotateWebhookSecret(@PathVariable String id, Caller caller) {
        return webhooks.rotate(parse(id), caller).map(rotated -> WebhookView.of(rotated.webhook(), rotated.secret()))
                .orElseThrow(() -> none(id));
    }

    @Endpoint(value = "Send a test delivery to a webhook", status = 202, problems = ProblemKind.NO_SUCH_WEBHOOK)
    @PostMapping("/api/v1/webhooks/{id}:test")
    ResponseEntity<SubmittedDelivery> testWebhook(@PathVariable String id) {
        return ResponseEntity.accepted()
                .body(webhooks.test(parse(id)).map(SubmittedDelivery::of).orElseThrow(() -> none(id)));
    }

    @Endpoint(value = "List the deliveries of a webhook, newest first", problems = ProblemKind.NO_SUCH_WEBHOOK,
            description = "`before` is the `created_at` of the last delivery of the previous page.")
    @GetMapping("/api/v1/webhooks/{id}/deliveries")
    WebhookDeliveryPage listWebhookDeliveries(@PathVariable String id,
            @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
            @RequestParam(required = false) @Nullable String before) {
        if (pageSize < 1) {
            throw Problem.ofParameter("page_size", "page_size must be at least 1, not " + pageSize);
        }
        return new WebhookDeliveryPage(webhooks.deliveries(find(id).id(), before == null
                ? null : Timestamps.parse("before",
                before), Math.min(pageSize, MOST)).stream().map(WebhookDeliveryView::of).toList());
    }

    @Endpoint(value = "Redeliver a delivery", status = 202, problems = ProblemKind.NO_SUCH_WEBHOOK,
            description = "The same payload with the same `webhook-id`.")
    @PostMapping("/api/v1/webhooks/{id}/deliveries/{delivery}:redeliver")
    ResponseEntity<SubmittedDelivery> redeliverWebhook(@PathVariable String id, @PathVariable String delivery,
            Caller caller) {
        return ResponseEntity.accepted()
                .body(webhooks.redeliver(find(id).id(), parse(delivery), caller).map(SubmittedDelivery::of)
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_WEBHOOK, "webhook " + id + " has no delivery "
                        + Text.quoted(delivery))));
    }

    private Webhook find(String id) {
        return webhooks.find(parse(id)).orElseThrow(() -> none(id));
    }

    private static Problem none(String id) {
        return new Problem(ProblemKind.NO_SUCH_WEBHOOK, "there is no webhook " + Text.quoted(id));
    }

    private static UUID parse(String id) {
        try {
            return OperationId.parse(id).value();
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("expected a UUID such as 0f8fad5b-d9cb-469f-a165-70867728950e, not "
                    + Text.quoted(id));
        }
    }
}
