package dev.longhaul.webhook;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Common parts of tests of webhooks: a receiver and calls of the REST API.
@LonghaulTest
abstract class WebhookTest {

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Autowired
    DeliveryCleanup cleanup;
    @Value("${test.superuser-url}")
    String superuserUrl;
    @Value("${local.server.port}")
    int port;

    final HttpClient http = HttpClient.newHttpClient();
    final String tag = UUID.randomUUID().toString();
    final Queue<Received> received = new ConcurrentLinkedQueue<>();
    IntUnaryOperator answers = _ -> 200;
    HttpServer receiver;

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

    JsonNode add(String events) throws Exception {
        var added = call("POST", "webhooks",
                "{\"url\": \"http://127.0.0.1:%d/hook\", \"events\": %s, \"filter\": \"queue:%s\"}"
                .formatted(receiver.getAddress().getPort(), events, tag));
        assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
        return added.body();
    }

    static String id(JsonNode webhook) {
        return webhook.path("webhook_id").asString();
    }

    static String secret(JsonNode webhook) {
        return webhook.path("secret").asString();
    }

    List<JsonNode> deliveries(JsonNode webhook) throws Exception {
        return call("GET", "webhooks/" + id(webhook) + "/deliveries", null).body().path("deliveries").valueStream()
                .toList();
    }

    /// Runs an operation in this queue to its end.
    OperationId run(String queue) {
        var id = store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0)
                .put("steps", 1)).withQueue(queue), new Caller("ann", "test")).operation().id();
        await().until(() -> store.find(id).orElseThrow().isOver());
        return id;
    }

    /// Implements the specification independently of the service.
    static String signature(String secret, Received message) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replace("whsec_", "")), "HmacSHA256"));
        return "v1," + Base64.getEncoder()
                .encodeToString(mac.doFinal((message.id + "." + message.timestamp + "." + message.payload)
                .getBytes(StandardCharsets.UTF_8)));
    }

    Answer call(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body)).build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body().isEmpty()
                ? json.getNodeFactory().nullNode() : json.readTree(response.body()));
    }
}
