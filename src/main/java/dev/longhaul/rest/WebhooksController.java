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

/// Webhooks, and what was sent to them.
@RestController
class WebhooksController {

    private static final int MOST = 200;

    private final Webhooks webhooks;

    WebhooksController(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    record New(
            @JsonPropertyDescription("Where to send, e.g. https://hooks.example.org/longhaul") @Size(min = 1,
            max = 2_000) String url,
            @JsonPropertyDescription("Of what to tell: operation.submitted, started, waiting, retrying, completed, "
            + "failed, cancelled") @Size(min = 1, max = 20) List<String> events,
            @JsonPropertyDescription("Of which operations, as in lists; default: all") @Size(max =
            2_000) @Nullable String filter,
            @JsonPropertyDescription("For people") @Size(max = 1_000) @Nullable String description) {}

    record Changed(
            @JsonPropertyDescription("Where to send") @Size(min = 1, max = 2_000) @Nullable String url,
            @JsonPropertyDescription("Of what to tell") @Size(min = 1, max = 20) @Nullable List<String> events,
            @JsonPropertyDescription("Of which operations") @Size(max = 2_000) @Nullable String filter,
            @JsonPropertyDescription("For people") @Size(max = 1_000) @Nullable String description,
            @JsonPropertyDescription("False: nothing is sent") @Nullable Boolean enabled) {}

    /// @param reason       why it is disabled
    /// @param formerUntil  until when deliveries are signed with the secret before a rotation too
    /// @param secret       only in the answer that made it
    @JsonNaming(SnakeCaseStrategy.class)
    record View(UUID webhookId, String url, List<String> events, String filter, String description, boolean enabled,
            @Nullable String reason,
                @Nullable Instant formerUntil, @Nullable String secret, Instant createdAt, String createdBy,
                        Instant changedAt, String changedBy) {

        static View of(Webhook webhook, @Nullable String secret) {
            return new View(webhook.id(), webhook.url(), webhook.events(), webhook.filter(), webhook.description(),
                    !webhook.disabled(), webhook.reason(),
                    webhook.previousSecretUntil(), secret, webhook.createdAt(), webhook.createdBy(), webhook.changedAt(),
                    webhook.changedBy());
        }
    }

    record Listed(List<View> webhooks) {}

    /// @param operationId  the operation that it tells of
    /// @param carriedBy    the operation that delivers it
    /// @param state        of that operation
    /// @param answered     HTTP status of the last answer
    @JsonNaming(SnakeCaseStrategy.class)
    record DeliveryView(UUID deliveryId, String webhookMessageId, String event, @Nullable UUID operationId,
            UUID carriedBy, @Nullable String state, int tries,
                        @Nullable Integer answered, @Nullable String problem, @Nullable Instant triedAt,
                        Instant createdAt, String payload) {

        static DeliveryView of(Delivery delivery) {
            return new DeliveryView(delivery.id(), "msg_" + delivery.id(), delivery.event(), delivery.subjectId(),
                    delivery.operationId(), delivery.state(), delivery.tries(),
                    delivery.answered(), delivery.problem(), delivery.triedAt(), delivery.createdAt(),
                    delivery.payload());
        }
    }

    record Deliveries(List<DeliveryView> deliveries) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Sent(UUID deliveryId, String carriedBy) {

        static Sent of(Webhooks.Sent sent) {
            return new Sent(sent.delivery(), sent.operation().toString());
        }
    }

    @Endpoint(value = "Adds a webhook", status = 201, problems = ProblemKind.INVALID_FILTER,
            description =
                    "The answer has the secret with which deliveries are signed; it is told here and never again.")
    @PostMapping("/api/v1/webhooks")
    ResponseEntity<View> add(@JsonBody New asked, Caller caller) {
        var added = webhooks.add(asked.url(), asked.events(), asked.filter() == null ? "" : asked.filter(),
                asked.description() == null ? "" : asked.description(), caller);
        return ResponseEntity.created(URI.create("/api/v1/webhooks/" + added.webhook().id()))
                .body(View.of(added.webhook(), added.secret()));
    }

    @Endpoint("Lists the webhooks")
    @GetMapping("/api/v1/webhooks")
    Listed list() {
        return new Listed(webhooks.all().stream().map(webhook -> View.of(webhook, null)).toList());
    }

    @Endpoint(value = "Tells of a webhook", problems = ProblemKind.NO_SUCH_WEBHOOK)
    @GetMapping("/api/v1/webhooks/{id}")
    View get(@PathVariable String id) {
        return View.of(find(id), null);
    }

    @Endpoint(value = "Changes a webhook", problems = {ProblemKind.NO_SUCH_WEBHOOK, ProblemKind.INVALID_FILTER},
            description = "A merge patch: what is not named stays.")
    @PatchMapping("/api/v1/webhooks/{id}")
    View change(@PathVariable String id, @JsonBody Changed asked, Caller caller) {
        return webhooks.change(parse(id), asked.url(), asked.events(), asked.filter(), asked.description(),
                asked.enabled() == null ? null : !asked.enabled(), caller)
                .map(webhook -> View.of(webhook, null)).orElseThrow(() -> none(id));
    }

    @Endpoint(value = "Removes a webhook and what is known of its deliveries", status = 204,
            problems = ProblemKind.NO_SUCH_WEBHOOK)
    @DeleteMapping("/api/v1/webhooks/{id}")
    ResponseEntity<Void> remove(@PathVariable String id) {
        if (!webhooks.remove(parse(id))) {
            throw none(id);
        }
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Gives a webhook a new secret", problems = ProblemKind.NO_SUCH_WEBHOOK,
            description = "Until `former_until` deliveries have two signatures, one of the secret before.")
    @PostMapping("/api/v1/webhooks/{id}:rotateSecret")
    View rotateSecret(@PathVariable String id, Caller caller) {
        return webhooks.rotate(parse(id), caller).map(rotated -> View.of(rotated.webhook(), rotated.secret()))
                .orElseThrow(() -> none(id));
    }

    @Endpoint(value = "Sends a test to a webhook", status = 202, problems = ProblemKind.NO_SUCH_WEBHOOK)
    @PostMapping("/api/v1/webhooks/{id}:test")
    ResponseEntity<Sent> test(@PathVariable String id) {
        return ResponseEntity.accepted().body(webhooks.test(parse(id)).map(Sent::of).orElseThrow(() -> none(id)));
    }

    @Endpoint(value = "Lists what was sent to a webhook, newest first", problems = ProblemKind.NO_SUCH_WEBHOOK,
            description = "`before` is the `created_at` of the last one of the page before.")
    @GetMapping("/api/v1/webhooks/{id}/deliveries")
    Deliveries deliveries(@PathVariable String id, @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
                          @RequestParam(required = false) @Nullable String before) {
        if (pageSize < 1) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "page_size must be at least 1, not " + pageSize);
        }
        return new Deliveries(webhooks.deliveries(find(id).id(), before == null ? null : Timestamps.parse("before",
                before), Math.min(pageSize, MOST)).stream().map(DeliveryView::of).toList());
    }

    @Endpoint(value = "Sends a delivery once more", status = 202, problems = ProblemKind.NO_SUCH_WEBHOOK,
            description = "The same content under the same `webhook-id`.")
    @PostMapping("/api/v1/webhooks/{id}/deliveries/{delivery}:redeliver")
    ResponseEntity<Sent> redeliver(@PathVariable String id, @PathVariable String delivery, Caller caller) {
        return ResponseEntity.accepted().body(webhooks.redeliver(find(id).id(), parse(delivery), caller).map(Sent::of)
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
