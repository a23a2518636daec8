package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.mcp.McpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Streams while PostgreSQL is away for some seconds: open ones continue, and new ones are told when to retry.
@Timeout(180)
class StreamsThroughOutageTest {

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final JsonMapper json = JsonMapper.shared();

    @TempDir
    private Path directory;
    private @Nullable URI service;

    @Test
    void openStreamsContinueAndOnlyRequestsForStreamsAreAnswered200() throws Exception {
        try (var postgres = new CrashingDatabase(directory);
                var node = Service.start(postgres.database(), Service.freePort(), "--longhaul.mcp.heartbeat=200ms")
                        .awaitUp()) {
            service = node.uri("/");
            var legacy = McpClient.handshaken(service, "2025-06-18", "{}");
            var modern = McpClient.modern(service, McpClient.TASKS);
            var id = submit();
            legacy.call("resources/subscribe", "{\"uri\": \"longhaul://operations/" + id + "\"}");
            try (var ofSession = legacy.listen(null, "");
                    var subscription = modern.open("subscriptions/listen",
                            "{\"notifications\": {\"taskIds\": [\"" + id + "\"]}}")) {
                assertThat(subscription.until("notifications/tasks")).isNotEmpty();
                postgres.stopImmediately();

                for (var path : List.of("/api/v1/operations/" + id + "/events", "/api/v1/events", "/progress/" + id
                        + "/stream", "/api/v1/workflows/" + id + "/events")) {
                    var stream = get(path, "text/event-stream");
                    assertThat(stream.statusCode()).as(path).isEqualTo(200);
                    assertThat(stream.body()).as(path).matches("retry: \\d+\n: database-unavailable: .+\n\n");
                    assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
                }
                assertThat(get("/progress/" + id + "/stream", "*/*").statusCode()).isEqualTo(503);
                assertThat(get("/api/v1/operations/" + id, "application/json").statusCode()).isEqualTo(503);
                assertThat(get("/api/v1/nothing", "text/event-stream").statusCode()).isEqualTo(404);
                assertThat(get("/api/v1/operations/x/events", "text/event-stream").statusCode()).isEqualTo(400);
                try (var refused = legacy.listen(null, "")) {
                    assertThat(refused.status()).isEqualTo(200);
                    assertThat(refused.next()).isNull();
                }
                try (var refused = modern.open("tasks/get", "{\"taskId\": \"" + id + "\"}")) {
                    assertThat(refused.status()).isEqualTo(503);
                }

                postgres.startAgain();
                await().atMost(Duration.ofSeconds(30)).until(() -> post("/api/v1/operations/" + id + ":cancel", "{}")
                        .statusCode() == 200);
                assertThat(ofSession.until("notifications/resources/updated")).last()
                        .satisfies(told -> assertThat(told.at("/params/uri").asString()).endsWith(id));
                assertThat(subscription.until("notifications/tasks")).last()
                        .satisfies(told -> assertThat(told.at("/params/status").asString()).isEqualTo("cancelled"));
            }
        }
    }

    @Test
    void onlyAnOutageIsCalledOneAndALoopDeletesExpiredSessions() throws Exception {
        try (var postgres = new CrashingDatabase(directory);
                var node = Service.start(postgres.database(), Service.freePort()).awaitUp()) {
            service = node.uri("/");
            var client = McpClient.handshaken(service, "2025-06-18", "{}");
            var expired = UUID.randomUUID();
            postgres.asSuperuser().sql("insert into mcp_session (id, created_at) values (:id, now() - interval "
                    + "'1 year')").param("id", expired).update();

            client.call("logging/setLevel", "{\"level\": \"error\"}");
            assertThat(isStored(postgres, expired)).as("a request deletes no sessions").isTrue();
            postgres.asSuperuser().sql("revoke all on mcp_session from longhaul_service").update();
            try (var refused = client.open("logging/setLevel", "{\"level\": \"error\"}")) {
                assertThat(refused.status()).isEqualTo(500);
                assertThat(refused.answer().at("/error/message").asString()).startsWith("Internal server error");
            }
            postgres.asSuperuser().sql("grant all on mcp_session to longhaul_service").update();

            try (var other = Service.start(postgres.database(), Service.freePort()).awaitUp()) {
                await().atMost(Duration.ofSeconds(30)).until(() -> !isStored(postgres, expired));
            }
        }
    }

    private static boolean isStored(CrashingDatabase postgres, UUID session) {
        return postgres.asSuperuser().sql("select exists (select from mcp_session where id = :id)").param("id", session)
                .query(Boolean.class).single();
    }

    private String submit() throws IOException, InterruptedException {
        return json.readTree(post("/api/v1/operations", """
                {"type": "simulation", "input": {"duration_seconds": 0, "steps": 1},
                 "run_at": "2100-01-01T00:00:00Z"}""").body()).path("operation_id").asString();
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(service.resolve(path)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(service.resolve(path)).header("Accept", accept)
                .timeout(Duration.ofSeconds(40)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
