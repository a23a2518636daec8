package dev.longhaul.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Deliveries are signed, retried, limited to subscribed events, and never sent to forbidden addresses.
class WebhooksTest extends WebhookTest {

    @Test
    void aReceiverGetsEachSubscribedEventOnceWithAValidSignature() throws Exception {
        var added = add("[\"operation.submitted\", \"operation.completed\"]");
        var id = run(tag);
        run("not-" + tag);

        await().until(() -> received.size() >= 2);

        assertThat(received)
                .allSatisfy(message -> assertThat(message.signature()).isEqualTo(signature(secret(added), message)));
        assertThat(received.stream()
                        .map(message -> message.json().path("type").asString() + " "
                        + message.json().at("/data/operation_id").asString() + " " + message.json().at("/data/status")
                                .asString()).toList()).containsExactlyInAnyOrder("operation.submitted " + id
                + " pending", "operation.completed " + id + " completed");
        assertThat(received.stream().map(Received::id).distinct()).hasSize(2);
        var deliveries = deliveries(added);
        assertThat(deliveries).hasSize(2).allSatisfy(delivery -> assertThat(delivery.path("status").asString() + " "
                + delivery.path("response_status").asInt()).isEqualTo("completed 200"));
        assertThat(call("GET", "webhooks/" + id(added), null).body().toString()).doesNotContain(secret(added));
    }

    @Test
    void aFailedDeliveryIsSentAgainWithTheSameIdLikeARedelivery() throws Exception {
        answers = count -> count == 1 ? 500 : 200;
        var added = add("[\"operation.completed\"]");
        run(tag);
        await().until(() -> received.size() == 1);
        await().until(() -> deliveries(added).getFirst().path("status").asString().equals("pending"));
        assertThat(deliveries(added).getFirst().path("error").asString()).isEqualTo("HTTP 500");
        // now instead of in 5 s
        sql.sql("update operation set run_at = now() where id = :id::uuid")
                .param("id", deliveries(added).getFirst().path("delivery_operation_id").asString()).update();

        await().until(() -> deliveries(added).getFirst().path("status").asString().equals("completed"));
        var delivery = deliveries(added).getFirst();
        assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
        assertThat(call("POST", "webhooks/" + id(added) + "/deliveries/" + delivery.path("delivery_id").asString()
                + ":redeliver", null).status()).isEqualTo(202);

        await().until(() -> received.size() == 3);
        assertThat(received.stream().map(message -> message.id() + message.payload()).distinct()).hasSize(1);
    }

    @Test
    void duringARotationBothSecretsSign() throws Exception {
        var added = add("[\"operation.completed\"]");
        var rotated = call("POST", "webhooks/" + id(added) + ":rotateSecret", null).body();
        assertThat(secret(rotated)).isNotEqualTo(secret(added));

        assertThat(call("POST", "webhooks/" + id(added) + ":test", null).status()).isEqualTo(202);
        await().until(() -> received.size() == 1);

        var message = received.peek();
        assertThat(message.json().path("type").asString()).isEqualTo("webhook.test");
        assertThat(message.signature().split(" "))
                .containsExactly(signature(secret(rotated), message), signature(secret(added), message));
    }

    @Test
    void aReceiverThatAnswers410IsDisabled() throws Exception {
        answers = _ -> 410;
        var added = add("[\"operation.completed\"]");
        run(tag);

        await().until(() -> !call("GET", "webhooks/" + id(added), null).body().path("enabled").asBoolean());

        assertThat(call("GET", "webhooks/" + id(added), null).body().path("reason").asString())
                .isEqualTo("the receiver answered 410 Gone");
        assertThat(deliveries(added).getFirst().path("status").asString()).isIn("failed", "running");
    }

    @Test
    void aHostWithAPrivateAddressIsNotCalled() throws Exception {
        var webhook =
                sql.sql("insert into webhook (url, events, secret) values (:url, '{operation.completed}', :secret) "
                + "returning id")
                .param("url", "https://localhost:" + receiver.getAddress().getPort() + "/")
                        .param("secret", WebhookSignature.newSecret()).query(UUID.class).single();
        call("POST", "webhooks/" + webhook + ":test", null);

        await().until(() -> call("GET", "webhooks/" + webhook + "/deliveries", null).body().at("/deliveries/0/status")
                .asString().equals("failed"));

        assertThat(call("GET", "webhooks/" + webhook + "/deliveries", null).body().at("/deliveries/0/error")
                .asString()).contains("private address 127.0.0.1");
        assertThat(received).isEmpty();
    }
}
