package dev.longhaul.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A receiver is told of what it asked for, signed so that it can check, as often as it takes, and no request goes
/// where it must not.
@LonghaulTest
class WebhooksTest {

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Autowired
    DeliveryCleanup forgetting;
    @Value("${test.superuser-url}")
    String superuserUrl;
    @Value("${local.server.port}")
    int port;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String tag = UUID.randomUUID().toString();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private IntUnaryOperator answers = _ -> 200;
    private HttpServer receiver;

    record Received(String id, String timestamp, String signature, String payload, JsonNode json) {}

    record Answer(int status, JsonNode body) {}

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
    }

    @AfterEach
    void stop() throws Exception {
        receiver.stop(0);
        for (var webhook : call("GET", "webhooks", null).body().path("webhooks")) {
            call("DELETE", "webhooks/" + webhook.path("webhook_id").asString(), null);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        var payload = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        received.add(new Received(headers.getFirst("webhook-id"), headers.getFirst("webhook-timestamp"),
                headers.getFirst("webhook-signature"), payload, json.readTree(payload)));
        exchange.sendResponseHeaders(answers.applyAsInt(received.size()), -1);
        exchange.close();
    }

    @Test
    void aReceiverIsToldOfWhatItAskedForOnceAndCanCheckWhoSaysSo() throws Exception {
        var added = add("[\"operation.submitted\", \"operation.completed\"]");
        var id = run(tag);
        run("not-" + tag);

        await().until(() -> received.size() >= 2);

        assertThat(received)
                .allSatisfy(message -> assertThat(message.signature).isEqualTo(signature(secret(added), message)));
        assertThat(received.stream().map(message -> message.json.path("type").asString() + " " + message.json
                .at("/data/operation_id").asString() + " " + message.json.at("/data/status").asString()).toList())
                .containsExactlyInAnyOrder("operation.submitted " + id + " pending", "operation.completed " + id
                        + " completed");
        assertThat(received.stream().map(Received::id).distinct()).hasSize(2);
        var deliveries = deliveries(added);
        assertThat(deliveries).hasSize(2).allSatisfy(delivery -> assertThat(delivery.path("status").asString() + " "
                + delivery.path("response_status").asInt()).isEqualTo("completed 200"));
        assertThat(call("GET", "webhooks/" + id(added), null).body().toString()).doesNotContain(secret(added));
    }

    @Test
    void whatFailsIsSentAgainUnderTheSameIdAndARedeliveryToo() throws Exception {
        answers = count -> count == 1 ? 500 : 200;
        var added = add("[\"operation.completed\"]");
        run(tag);
        await().until(() -> received.size() == 1);
        await().until(() -> deliveries(added).getFirst().path("status").asString().equals("pending"));
        assertThat(deliveries(added).getFirst().path("error").asString()).isEqualTo("HTTP 500");
        // now, and not in 5 s
        sql.sql("update operation set run_at = now() where id = :id::uuid")
                .param("id", deliveries(added).getFirst().path("delivery_operation_id").asString()).update();

        await().until(() -> deliveries(added).getFirst().path("status").asString().equals("completed"));
        var delivery = deliveries(added).getFirst();
        assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
        assertThat(call("POST", "webhooks/" + id(added) + "/deliveries/" + delivery.path("delivery_id").asString()
                + ":redeliver", null).status()).isEqualTo(202);

        await().until(() -> received.size() == 3);
        assertThat(received.stream().map(message -> message.id + message.payload).distinct()).hasSize(1);
    }

    @Test
    void whatWasSentLongAgoIsForgottenAndWhatIsOnItsWayIsNot() throws Exception {
        answers = count -> count <= 2 ? 200 : 503;
        var added = add("[\"operation.completed\"]");
        run(tag);
        run(tag);
        await().until(() -> deliveries(added).stream().filter(delivery -> delivery.path("status").asString()
                .equals("completed")).count() == 2);
        run(tag);
        await().until(() -> deliveries(added).getFirst().path("response_status").asInt() == 503);
        var young = deliveries(added).get(1).path("delivery_id").asString();
        JdbcClient.create(new DriverManagerDataSource(superuserUrl))
                .sql("update webhook_delivery set created_at = now() - interval '31 days' where id <> :young::uuid")
                .param("young", young).update();

        assertThat(forgetting.forget(Duration.ofDays(30))).isEqualTo(1);

        assertThat(deliveries(added).stream().map(delivery -> delivery.path("delivery_id").asString() + " "
                + delivery.path("response_status").asInt()).toList())
                .as("a young one, and one that is still tried").hasSize(2).contains(young + " 200")
                .anyMatch(delivery -> delivery.endsWith(" 503"));
        assertThat(sql.sql("select count(*) from webhook_try").query(Long.class).single()).as("tries").isEqualTo(2);
        assertThatThrownBy(() -> forgetting.forget(Duration.ofHours(1))).hasMessageContaining("at least a day");
    }

    @Test
    void whileASecretIsRotatedBothSign() throws Exception {
        var added = add("[\"operation.completed\"]");
        var rotated = call("POST", "webhooks/" + id(added) + ":rotateSecret", null).body();
        assertThat(secret(rotated)).isNotEqualTo(secret(added));

        assertThat(call("POST", "webhooks/" + id(added) + ":test", null).status()).isEqualTo(202);
        await().until(() -> received.size() == 1);

        var message = received.peek();
        assertThat(message.json.path("type").asString()).isEqualTo("webhook.test");
        assertThat(message.signature.split(" "))
                .containsExactly(signature(secret(rotated), message), signature(secret(added), message));
    }

    @Test
    void aReceiverThatIsGoneIsToldNothingMore() throws Exception {
        answers = _ -> 410;
        var added = add("[\"operation.completed\"]");
        run(tag);

        await().until(() -> !call("GET", "webhooks/" + id(added), null).body().path("enabled").asBoolean());

        assertThat(call("GET", "webhooks/" + id(added), null).body().path("reason").asString())
                .isEqualTo("the receiver answered 410 Gone");
        assertThat(deliveries(added).getFirst().path("status").asString()).isIn("failed", "running");
    }

    @Test
    void aHostWhoseAddressIsPrivateIsNotCalledWhateverItsNameIs() throws Exception {
        var webhook =
                sql.sql("insert into webhook (url, events, secret) values (:url, '{operation.completed}', :secret) "
                + "returning id")
                .param("url", "https://localhost:" + receiver.getAddress().getPort() + "/")
                        .param("secret", WebhookSignature.newSecret()).query(UUID.class).single();
        call("POST", "webhooks/" + webhook + ":test", null);

        await().until(() -> call("GET", "webhooks/" + webhook + "/deliveries", null).body().at("/deliveries/0/state")
                .asString().equals("failed"));

        assertThat(call("GET", "webhooks/" + webhook + "/deliveries", null).body().at("/deliveries/0/error")
                .asString()).contains("private address 127.0.0.1");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"url": "https://10.0.0.7/x", "events": ["operation.failed"]}                              | invalid-request
            {"url": "https://localhost/x", "events": ["operation.failed"]}                             | invalid-request
            {"url": "https://169.254.169.254/latest", "events": ["operation.failed"]}                  | invalid-request
            {"url": "https://[::ffff:10.0.0.1]/", "events": ["operation.failed"]}                      | invalid-request
            {"url": "http://hooks.example.org/", "events": ["operation.failed"]}                       | invalid-request
            {"url": "ftp://hooks.example.org/", "events": ["operation.failed"]}                        | invalid-request
            {"url": "https://ann:secret@hooks.example.org/", "events": ["operation.failed"]}           | invalid-request
            {"url": "nonsense", "events": ["operation.failed"]}                                        | invalid-request
            {"url": "https://hooks.example.org/", "events": ["operation.exploded"]}                    | invalid-request
            {"url": "https://hooks.example.org/", "events": []}                                        | input-invalid
            {"url": "https://hooks.example.org/", "events": ["operation.failed"], "filter": "size:9"}  | invalid-filter
            {"events": ["operation.failed"]}                                                           | input-invalid
            """)
    void whatCannotBeAWebhookIsRefused(String body, String code) throws Exception {
        assertThat(call("POST", "webhooks", body).body().path("code").asString()).isEqualTo(code);
        assertThat(call("GET", "webhooks", null).body().path("webhooks")).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (var path : List.of("webhooks/0f8fad5b-d9cb-469f-a165-70867728950e:test",
                "webhooks/0f8fad5b-d9cb-469f-a165-70867728950e:rotateSecret")) {
            assertThat(call("POST", path, null).status()).as(path).isEqualTo(404);
        }
        assertThat(call("PATCH", "webhooks/0f8fad5b-d9cb-469f-a165-70867728950e", "{\"enabled\": false}").status())
                .isEqualTo(404);
        assertThat(call("GET", "webhooks/7", null).status()).isEqualTo(400);
    }

    private JsonNode add(String events) throws Exception {
        var added = call("POST", "webhooks",
                "{\"url\": \"http://127.0.0.1:%d/hook\", \"events\": %s, \"filter\": \"queue:%s\"}"
                .formatted(receiver.getAddress().getPort(), events, tag));
        assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
        return added.body();
    }

    private static String id(JsonNode webhook) {
        return webhook.path("webhook_id").asString();
    }

    private static String secret(JsonNode webhook) {
        return webhook.path("secret").asString();
    }

    private List<JsonNode> deliveries(JsonNode webhook) throws Exception {
        return call("GET", "webhooks/" + id(webhook) + "/deliveries", null).body().path("deliveries").valueStream()
                .toList();
    }

    /// An operation in a queue of this name, from its submission to its end.
    private OperationId run(String queue) {
        var id = store.submit(Submission.of("rehearsal", json.createObjectNode().put("duration_seconds", 0)
                .put("steps", 1)).withQueue(queue), new Caller("ann", "test")).operation().id();
        await().until(() -> store.find(id).orElseThrow().isOver());
        return id;
    }

    /// As the specification has it, by other code than the service's.
    private static String signature(String secret, Received message) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replace("whsec_", "")), "HmacSHA256"));
        return "v1," + Base64.getEncoder()
                .encodeToString(mac.doFinal((message.id + "." + message.timestamp + "." + message.payload)
                .getBytes(StandardCharsets.UTF_8)));
    }

    private Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body().isEmpty()
                ? json.getNodeFactory().nullNode() : json.readTree(response.body()));
    }
}
