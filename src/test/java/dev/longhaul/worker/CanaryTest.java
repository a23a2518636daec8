package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.worker.WorkerHttp.Run;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/// A worker tells its secrets on purpose, wherever it can. They appear in no table, stream, list, log or webhook.
@LonghaulTest
class CanaryTest extends WorkerTest {

    /// A secret in each kind of place that a schema can describe.
    private static final String SCHEMA = """
            {"type": "object",
             "properties": {
               "plain": {"type": "string", "writeOnly": true},
               "items": {"type": "array", "items": {"properties": {"key": {"writeOnly": true}}}},
               "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "string", "x-secret": true}]},
               "any": {"anyOf": [{"type": "integer"}, {"type": "string", "writeOnly": true}]},
               "one": {"oneOf": [{"type": "integer"}, {"properties": {"key": {"writeOnly": true}}}]},
               "all": {"allOf": [{"type": "string"}, {"writeOnly": true}]},
               "ref": {"$ref": "#/$defs/login"},
               "anchor": {"$ref": "#token"},
               "deep": {"$ref": "#/$defs/tree"},
               "map": {"type": "object", "additionalProperties": {"type": "string", "writeOnly": true}},
               "kind": {"type": "string"}},
             "patternProperties": {"^secret_": {"type": "string", "writeOnly": true}},
             "if": {"properties": {"kind": {"const": "a"}}},
             "then": {"properties": {"then": {"writeOnly": true}}},
             "else": {"properties": {"else": {"writeOnly": true}}},
             "dependentSchemas": {"kind": {"properties": {"dependent": {"writeOnly": true}}}},
             "$defs": {
               "login": {"properties": {"password": {"type": "string", "writeOnly": true}}},
               "token": {"$anchor": "token", "type": "string", "writeOnly": true},
               "tree": {"properties": {"leaf": {"writeOnly": true}, "more": {"$ref": "#/$defs/tree"}}}}}
            """;

    private final List<String> canaries = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private HttpServer receiver;

    @BeforeEach
    void receiveWebhooks() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        var added = http.post("/api/v1/webhooks", Map.of("url", "http://127.0.0.1:"
                + receiver.getAddress().getPort() + "/hook", "events", List.of("operation.failed",
                "operation.completed", "operation.waiting", "operation.cancelled"), "filter", "type:" + type));
        assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
    }

    @AfterEach
    void stopReceiver() throws Exception {
        receiver.stop(0);
        sql.sql("update webhook set disabled = true").update();
    }

    /// Quotes, a space and an umlaut: JSON and URLs write it otherwise.
    private String canary() {
        var canary = "cänary \"" + canaries.size() + "\" " + Long.toHexString(System.nanoTime());
        canaries.add(canary);
        return canary;
    }

    private JsonNode input() {
        var input = json.createObjectNode().put("plain", canary()).put("any", canary()).put("all", canary())
                .put("anchor", canary()).put("kind", "a").put("then", canary()).put("else", canary())
                .put("dependent", canary()).put("secret_word", canary());
        input.putArray("items").addObject().put("name", "first").put("key", canary());
        input.putArray("pair").add("user").add(canary());
        input.putObject("one").put("key", canary());
        input.putObject("ref").put("password", canary());
        input.putObject("deep").putObject("more").putObject("more").put("leaf", canary());
        input.putObject("map").put("a", canary()).put("b", canary());
        return input;
    }

    @Test
    void noSecretOfALeakingWorkerIsFoundAnywhere() throws Exception {
        var worker = register(Map.of("types", List.of(Map.of("type", type, "input_schema", json.readTree(SCHEMA)))));
        var given = input();
        var started = http.post("/api/v1/operations", Map.of("type", type, "input", given, "max_attempts", 3));
        assertThat(started.status()).as(started.body().toString()).isEqualTo(202);
        var id = started.body().path("operation_id").asString();
        var streams = List.of(follow("/api/v1/operations/" + id + "/events?types=state,progress,log"),
                follow("/progress/" + id + "/stream"), follow("/api/v1/events?filter=type:" + type));

        var first = claim(worker, 1, 10).getFirst();
        assertThat(first.claim().path("input")).isEqualTo(given);
        assertThat(leak(first)).isEqualTo(204);
        var second = claim(worker, 1, 10).getFirst();
        second.claim().path("steps").propertyNames().forEach(name ->
                assertThat(name).as("the worker gets its own names back").doesNotContain("•••"));
        assertThat(second.claim().path("steps").size()).isEqualTo(canaries.size());
        var answered = ask(second);
        assertThat(answered.status()).isEqualTo(200);
        answer(id);
        var third = claim(worker, 1, 10).getFirst();
        var answer = ask(third).body().path("answer");
        assertThat(answer.path("choice").asString()).as("the worker gets its own option back")
                .isEqualTo("take " + canaries.getFirst());
        assertThat(answer.path("code").asString()).as("and the secret of the answer").isEqualTo(canaries.getLast());
        leakEverywhere(third);
        assertThat(third.say("complete", Map.of("message", canaries.getLast(), "output", Map.of(all(), List.of(all(),
                url())))).status()).isEqualTo(204);

        await().atMost(Duration.ofSeconds(30)).until(() -> find(OperationId.parse(id)).isOver());
        assertThat(find(OperationId.parse(id)).status()).isEqualTo(Status.COMPLETED);
        await().atMost(Duration.ofSeconds(30)).until(() -> told.stream().anyMatch(body -> body.contains("completed")));
        sow(given);
        assertNoCanary("the tables", everythingStored());
        streams.forEach(stream -> assertNoCanary("a stream", String.join("\n", stream)));
        assertNoCanary("webhooks", String.join("\n", told));
        assertNoCanary("the log", Files.readString(Path.of("target/test.log")));
        for (var path : List.of("operations?filter=type:" + type, "operations/" + id, "operations/" + id + "/history",
                "operations/" + id + "/logs", "operations/" + id + "/attempts", "operations/" + id + "/result",
                "error-groups", "audit", "types/" + type)) {
            var shown = http.get("/api/v1/" + path);
            assertNoCanary(path, shown.body().toString());
        }
    }

    /// The same input in a schedule, in a workflow and as a re-run.
    private void sow(JsonNode given) throws Exception {
        var schedule = http.post("/api/v1/schedules", Map.of("name", "canary-" + type, "every", "1h", "operation",
                Map.of("type", type, "input", given)));
        assertThat(schedule.status()).as(schedule.body().toString()).isEqualTo(201);
        var workflow = http.post("/api/v1/workflows", Map.of("nodes", Map.of("leak", Map.of("type", type, "input",
                given))));
        assertThat(workflow.status()).as(workflow.body().toString()).isBetween(200, 202);
    }

    private String all() {
        return "|" + String.join("|", canaries);
    }

    private String url() {
        return "https://example.org/?q=" + URLEncoder.encode(all(), StandardCharsets.UTF_8);
    }

    private void leakEverywhere(Run run) throws Exception {
        var escaped = json.writeValueAsString(all());
        for (var canary : canaries) {
            accepted(run.say("report", Map.of("progress", 10, "message", "x".repeat(1_970) + canary, "log",
                    List.of(Map.of("message", "x".repeat(3_990) + canary), Map.of("message", escaped),
                            Map.of("message", url())),
                    "steps", List.of(Map.of("name", "step " + canary, "result", Map.of("of", canary))))));
        }
        accepted(run.say("step", Map.of("name", "another " + canaries.getFirst(), "result", all())));
        var child = run.say("submit", Map.of("name", "child " + canaries.getFirst(), "children",
                List.of(Map.of("type", "simulation", "queue", canaries.getFirst(), "input",
                        Map.of("duration_seconds", 0, "steps", 1)))));
        assertThat(child.status()).as(child.body().toString()).isEqualTo(400);
        assertNoCanary("a refusal", child.body().toString());
    }

    private int leak(Run run) throws Exception {
        for (var canary : canaries) {
            accepted(run.say("report", Map.of("message", canary, "steps",
                    List.of(Map.of("name", "step " + canary, "result", Map.of("of", canary))))));
        }
        return run.say("fail", Map.of("type", "Error" + canaries.getFirst() + canaries.get(1), "message",
                "x".repeat(3_990) + all(), "trace", "x".repeat(7_990) + all(), "retry_after_seconds", 0)).status();
    }

    private static void accepted(WorkerHttp.Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private WorkerHttp.Answer ask(Run run) throws Exception {
        var canary = canaries.getFirst();
        return run.say("ask", Map.of("name", "code " + canary, "kind", "input", "action", "x".repeat(1_970) + canary,
                "data", Map.of(canary, all()), "options", List.of("take " + canary, "leave " + canaries.get(1)),
                "fallback", Map.of("choice", "take " + canary, "code", all()),
                "schema", Map.of("type", "object", "title", all(), "properties", Map.of(
                        "choice", Map.of("enum", List.of("take " + canary, "leave " + canaries.get(1))),
                        "code", Map.of("type", "string", "writeOnly", true)))));
    }

    private void answer(String id) throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> find(OperationId.parse(id)).status() == Status.WAITING);
        var asked = http.get("/api/v1/operations/" + id).body().at("/input_required/0");
        var code = canary();
        var refused = http.post("/api/v1/operations/" + id + ":provideInput", Map.of("name",
                asked.path("name").asString(), "answer", Map.of("choice", asked.at("/options/0").asString(), "code", "abc")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().toString()).contains("at least 6 characters", "code").doesNotContain("abc\"");
        var answer = http.post("/api/v1/operations/" + id + ":provideInput", Map.of("name",
                asked.path("name").asString(), "answer", Map.of("choice", asked.at("/options/0").asString(), "code", code)));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private List<String> follow(String path) {
        var lines = new CopyOnWriteArrayList<String>();
        Thread.ofVirtual().start(() -> {
            try (var client = HttpClient.newHttpClient()) {
                client.send(HttpRequest.newBuilder(http.service().resolve(path)).header("Accept", "text/event-stream")
                        .timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofLines()).body()
                        .forEach(lines::add);
            } catch (Exception closed) {
                lines.add("ended");
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> !lines.isEmpty());
        return lines;
    }

    /// Half of one is found, too.
    private void assertNoCanary(String where, String text) {
        for (var canary : canaries) {
            assertThat(text.contains(canary) || text.contains(canary.substring(0, 10))
                    || text.contains(canary.substring(12))).as("%s: %s", where, canary).isFalse();
        }
    }

    private String everythingStored() {
        var superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        var all = new StringBuilder();
        for (var table : superuser.sql("select oid::regclass::text from pg_class where relkind in ('r', 'm') and "
                + "relnamespace = 'public'::regnamespace").query(String.class).list()) {
            superuser.sql("select t::text from " + table + " t").query(String.class).list().forEach(all::append);
        }
        return all.toString();
    }
}
