package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every tool, field and sample output of the reference interface, as its clients meet them.
@LonghaulTest
class ReferenceInterfaceTest {

    private static final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @LocalServerPort
    int port;
    private ReferenceClient client;

    @BeforeEach
    void connect() {
        client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void theCompleteExamplePrintsWhatTheDocumentShows() throws Exception {
        var id = client.start("data_analysis", 2, 5);

        var printed = new ArrayList<String>();
        client.stream(id, event -> {
            if (event.name().equals("progress")) {
                printed.add("Progress: %.0f%% - %s".formatted(event.data().get("progress").asDouble(),
                        event.data().get("message").asString()));
            }
        });

        assertThat(String.join("\n", printed)).isEqualTo("""
                Progress: 20% - Processing step 1/5 - data_analysis
                Progress: 40% - Processing step 2/5 - data_analysis
                Progress: 60% - Processing step 3/5 - data_analysis
                Progress: 80% - Processing step 4/5 - data_analysis
                Progress: 100% - Processing step 5/5 - data_analysis
                Progress: 100% - Completed 5 steps successfully""");
        var result = client.call("get_task_result", "{\"operation_id\": \"" + id + "\"}");
        assertThat(result.get("status").asString()).isEqualTo("success");
        assertThat(result.at("/data/status").asString()).isEqualTo("completed");
        assertThat(result.at("/data/output/steps_completed").asInt()).isEqualTo(5);
    }

    @Test
    void pollingShowsTheStepsTheirMessagesAndTheEnd() throws Exception {
        var id = client.start("data_processing", 1.5, 3);

        var printed = new ArrayList<String>();
        JsonNode data;
        do {
            data = client.progress(id);
            var line = "%.0f%% - %s [%s]".formatted(data.get("progress").asDouble(), data.get("message").asString(),
                    data.get("status").asString());
            if (printed.isEmpty() || !printed.getLast().equals(line)) {
                printed.add(line);
            }
        } while (!data.get("status").asString().equals("completed"));

        assertThat(String.join("\n", printed)).isEqualTo("""
                33% - Processing step 1/3 - data_processing [running]
                67% - Processing step 2/3 - data_processing [running]
                100% - Processing step 3/3 - data_processing [running]
                100% - Completed 3 steps successfully [completed]""");
    }

    @Test
    void theStreamHasEveryFieldOfTheDocumentAndEndsWithTheFinalProgressThenDone() throws Exception {
        var id = client.start("data_analysis", 2.4, 4);

        var events = client.stream(id);

        assertThat(events).extracting(ReferenceClient.Event::name)
                .containsExactly("progress", "progress", "progress", "progress", "progress", "done");
        for (var event : events.subList(0, 5)) {
            requireFields(event.data());
            assertThat(event.data().get("operation_id").asString()).isEqualTo(id);
        }
        assertThat(events.getFirst().data().get("status").asString()).isEqualTo("running");
        assertThat(events.get(3).data().get("elapsed_seconds").asDouble()).isBetween(1.8, 60.0);
        assertThat(events.get(2).data().get("estimated_remaining").asDouble())
                .as("half of the time and three quarters done").isBetween(0.1, 20.0);
        assertThat(events.get(4).data().get("status").asString()).isEqualTo("completed");
        assertThat(events.getLast().data().toString()).isEqualTo("{\"status\":\"completed\"}");
        assertThat(events).extracting(event -> Long.parseLong(String.valueOf(event.id()))).as("ids are versions")
                .isSorted();
    }

    private static void requireFields(JsonNode data) {
        assertThat(data.get("progress").isNumber()).isTrue();
        assertThat(data.get("message").isString()).isTrue();
        assertThat(data.get("status").asString()).isIn("running", "completed", "failed", "cancelled");
        assertThat(data.get("state").asString())
                .isIn("pending", "running", "waiting", "completed", "failed", "cancelled");
        assertThat(data.get("elapsed_seconds").isNumber()).isTrue();
        assertThat(data.has("estimated_remaining")).isTrue();
        assertThat(data.has("output")).isTrue();
        for (var time : List.of("started_at", "updated_at")) {
            assertThat(data.get(time).asString()).endsWith("Z");
            Instant.parse(data.get(time).asString());
        }
    }

    @Test
    void aFailedOperationEndsWithErrorAndSaysWhy() throws Exception {
        var id = client.call("start_long_task",
                "{\"task_type\": \"csv_import\", \"input\": {\"file\": \"no.csv\", \"table\": \"no_table\"}}")
                .at("/data/operation_id").asString();

        var events = client.stream(id);

        var last = events.get(events.size() - 2);
        assertThat(last.name()).isEqualTo("progress");
        assertThat(last.data().get("status").asString()).isEqualTo("failed");
        assertThat(events.getLast().name()).isEqualTo("error");
        assertThat(events.getLast().data().get("error").asString()).isNotBlank()
                .isEqualTo(last.data().get("error").asString());
        assertThat(client.progress(id).get("error").asString()).isEqualTo(last.data().get("error").asString());
    }

    @Test
    void aCancelledOperationSaysSoInEveryPlace() throws Exception {
        var id = client.start("data_analysis", 3_600, 10_000);
        client.progress(id);

        var answer = client.call("cancel_task", "{\"operation_id\": \"" + id + "\", \"reason\": \"no longer needed\"}");

        assertThat(answer.get("status").asString()).isEqualTo("success");
        var events = client.stream(id);
        assertThat(events.get(events.size() - 2).data().get("status").asString()).isEqualTo("cancelled");
        assertThat(events.getLast().name()).isEqualTo("done");
        assertThat(events.getLast().data().get("status").asString()).isEqualTo("cancelled");
        assertThat(client.progress(id).get("status").asString()).isEqualTo("cancelled");
        assertThat(client.call("cancel_task", "{\"operation_id\": \"" + id + "\"}").at("/data/status").asString())
                .as("asking again").isEqualTo("cancelled");
    }

    @Test
    void aClientThatComesBackGoesOnAndOneThatHasTheEndIsToldSo() throws Exception {
        var id = client.start("data_analysis", 1, 4);
        var events = client.stream(id);

        assertThat(client.stream(id)).as("the end at once").extracting(ReferenceClient.Event::name)
                .containsExactly("progress", "done");
        assertThat(client.stream(id, "Last-Event-ID", String.valueOf(events.getFirst().id())).getLast().name())
                .isEqualTo("done");
        assertThat(client.get("/progress/" + id + "/stream", "Last-Event-ID", String.valueOf(events.getLast().id()))
                .statusCode()).isEqualTo(204);
        for (var garbage : List.of("abc", "-1", "1e9", "18446744073709551616", "999999", "9".repeat(7_000))) {
            assertThat(client.get("/progress/" + id + "/stream", "Last-Event-ID", garbage).statusCode()).as(garbage)
                    .isEqualTo(400);
        }
    }

    @Test
    void unknownToolsIdsAndArgumentsAreErrorsThatTheClientsUnderstand() throws Exception {
        var unknown = UUID.randomUUID();

        assertThat(client.call("wash_dishes", "{}").get("error").asString())
                .contains("unknown tool \"wash_dishes\"", "start_long_task");
        assertThat(client.call("get_task_progress", "{\"operation_id\": \"" + unknown + "\"}").toString())
                .isEqualTo("{\"status\":\"error\",\"error\":\"there is no operation " + unknown + "\"}");
        assertThat(client.call("get_task_result", "{\"operation_id\": \"abc123\"}").get("error").asString())
                .contains("a UUID", "\"abc123\"");
        assertThat(client.call("cancel_task", "{}").get("error").asString()).contains("operation_id");
        assertThat(client.call("start_long_task", "{\"task_type\": \"x\", \"steps\": 0}").get("status").asString())
                .isEqualTo("error");
        assertThat(client.get("/progress/" + unknown + "/stream").statusCode()).isEqualTo(404);
        assertThat(client.get("/progress/abc123/stream").statusCode()).isEqualTo(400);
        assertThat(client.get("/progress/" + unknown).body()).contains("there is no operation " + unknown);
    }

    @Test
    void operationsAreListedNewestFirstPageByPage() throws Exception {
        var type = "listed_" + UUID.randomUUID().toString().replace("-", "");
        var ids = new ArrayList<String>();
        for (var n = 0; n < 5; n++) {
            ids.addFirst(client.start(type, 0, 1));
        }
        client.stream(ids.getFirst());

        var first = client.call("list_operations", "{\"task_type\": \"" + type + "\", \"limit\": 3}").get("data");
        var second = client.call("list_operations", "{\"task_type\": \"%s\", \"limit\": 3, \"before\": %s}"
                .formatted(type, first.get("next_before"))).get("data");

        assertThat(first.get("operations").valueStream().map(item -> item.get("operation_id").asString()))
                .containsExactlyElementsOf(ids.subList(0, 3));
        assertThat(second.get("operations").valueStream().map(item -> item.get("operation_id").asString()))
                .containsExactlyElementsOf(ids.subList(3, 5));
        assertThat(second.get("next_before").isNull()).isTrue();
        assertThat(client.call("list_operations", "{\"task_type\": \"" + type + "\", \"status\": \"failed\"}")
                .at("/data/count").asInt()).isZero();
        assertThat(client.call("list_operations", "{\"status\": \"flying\"}").get("error").asString())
                .contains("running", "\"flying\"");
        assertThat(client.call("list_operations", "{\"limit\": 0}").get("status").asString()).isEqualTo("error");
    }

    @Test
    void anIdempotencyKeyMakesOneOperationOfTwoCalls() throws Exception {
        var key = UUID.randomUUID();
        var first = start(key, 3);

        assertThat(start(key, 3).at("/data/operation_id")).isEqualTo(first.at("/data/operation_id"));
        assertThat(start(key, 3).at("/data/replayed").asBoolean()).isTrue();
        assertThat(start(key, 4).get("error").asString())
                .contains("was used for another request", first.at("/data/operation_id").asString());
    }

    private JsonNode start(UUID key, int steps) throws IOException, InterruptedException {
        return client.call("start_long_task",
                "{\"task_type\": \"x\", \"duration_seconds\": 0, \"steps\": %d, \"idempotency_key\": \"%s\"}"
                .formatted(steps, key));
    }

    @Test
    void healthIsToldAsTheDocumentsClientsExpect() throws Exception {
        var health = new JsonMapper().readTree(client.get("/health").body());

        assertThat(health.get("status").asString()).isEqualTo("healthy");
        assertThat(health.at("/capabilities/tools").asInt()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void everyPythonBlockOfTheDocumentRunsAsPrintedAndPrintsItsSampleOutput() throws Exception {
        assumeTrue(run("python3", "-c", "import asyncio; asyncio.timeout").exit == 0, "there is no Python 3.11 here");

        var ran = run("python3", "src/test/python/reference_document.py",
                "src/test/resources/reference/progress-tracking.md", "http://127.0.0.1:" + port);

        assertThat(ran.exit).as(ran.output).isZero();
        assertThat(ran.output).isEqualTo("11 blocks ran as printed\n");
    }

    @Test
    void everyAnswerFitsTheOutputSchemaOfItsToolAndSaysTheSameAsItsText() throws Exception {
        var schemas = new HashMap<String, Schema>();
        new JsonMapper().readTree(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}").body())
                .at("/result/tools").valueStream().filter(tool -> tool.has("outputSchema"))
                .forEach(tool -> schemas.put(tool.get("name").asString(), registry.getSchema(
                        tool.get("outputSchema"))));
        var id = "{\"operation_id\": \"" + client.start("data_analysis", 0, 1) + "\"}";
        client.call("wait_for_task", id);

        for (var tool : List.of("get_task_progress", "get_task_result", "wait_for_task", "cancel_task", "retry_task",
                "provide_input", "list_operations", "start_long_task", "list_schedules", "schedule_task")) {
            for (var arguments : List.of(id, "{}", "{\"task_type\": \"data_analysis\", \"steps\": 1}")) {
                assertThat(schemas.get(tool).validate(client.call(tool, arguments))).as(tool + arguments).isEmpty();
            }
        }
    }

    private record Ran(int exit, String output) {}

    private static Ran run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException absent) {
            return new Ran(127, String.valueOf(absent.getMessage()));
        }
    }
}
