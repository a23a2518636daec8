package dev.longhaul.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Workflows and schedules as MCP tools, and the event stream of a workflow.
@LonghaulTest
class WorkflowInterfacesTest {

    private static final String GRAPH = """
            {"name": "two steps", "nodes": {
              "first": {"type": "simulation", "input": {"duration_seconds": 1.2, "steps": 3}},
              "second": {"type": "simulation", "needs": ["first"], "input": {"duration_seconds": \
              "${first.output.duration_seconds}", "steps": 3}},
              "third": {"type": "compose", "input": {"value": "${second.output.summary}"}}},
             "output": "${third.output}"}""";

    @LocalServerPort
    int port;
    private final JsonMapper json = JsonMapper.shared();
    private ReferenceClient client;

    @BeforeEach
    void connect() {
        client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
    }

    record Event(String id, String name, JsonNode data) {}

    @Test
    void theStreamHasTheStatusChangesOfAllOperationsAndOneProgress() throws Exception {
        var started = client.call("start_workflow", "{\"graph\": " + GRAPH + "}").get("data");
        var id = started.get("operation_id").asString();

        var events = follow(started.get("events_url").asString(), null);

        assertThat(events.getFirst().name()).isEqualTo("snapshot");
        assertThat(events.getLast().name()).isEqualTo("done");
        assertThat(events.getLast().data().at("/operation/output").asString())
                .isEqualTo("Completed 3 steps successfully");
        assertThat(events.stream().filter(event -> event.name().equals("state") && event.data().get("to_status")
                .asString().equals("completed")).map(event -> event.data().at("/operation/type").asString()))
                .containsExactly("simulation", "simulation", "compose");
        var progress = events.stream().filter(event -> event.name().equals("progress")).toList();
        assertThat(progress).isNotEmpty()
                .allSatisfy(event -> assertThat(event.data().get("operation_id").asString()).isEqualTo(id));
        assertThat(progress).extracting(event -> event.data().get("progress").asDouble()).isSorted()
                .allSatisfy(percent -> assertThat(percent).isBetween(0.0, 100.0))
                .last().as("final progress").isNotEqualTo(0.0);

        var resumeFrom = events.stream().filter(event -> event.name().equals("state")).skip(3).findFirst()
                .orElseThrow();
        var rest = follow("/api/v1/workflows/" + id + "/events", resumeFrom.id());
        assertThat(rest).extracting(Event::id)
                .containsExactlyElementsOf(events.stream().filter(event -> !event.id().isEmpty())
                .dropWhile(event -> !event.id().equals(resumeFrom.id())).skip(1).map(Event::id).toList());
        assertThat(get("/api/v1/workflows/" + id + "/events", events.getLast().id()).statusCode()).isEqualTo(204);
        assertThat(get("/api/v1/workflows/" + UUID.randomUUID() + "/events", null).statusCode()).isEqualTo(404);
    }

    @Test
    void aModelStartsAWorkflowAndGetsTheErrorsOfAnInvalidOne() throws Exception {
        var key = UUID.randomUUID();
        var first = client.call("start_workflow", "{\"graph\": " + GRAPH + ", \"idempotency_key\": \"" + key + "\"}")
                .get("data");
        var again = client.call("start_workflow", "{\"graph\": " + GRAPH + ", \"idempotency_key\": \"" + key + "\"}")
                .get("data");

        assertThat(again.get("operation_id")).isEqualTo(first.get("operation_id"));
        assertThat(again.get("replayed").asBoolean()).isTrue();
        assertThat(client.call("start_workflow",
                "{\"graph\": {\"nodes\": {\"a\": {\"type\": \"compose\", \"needs\": [\"b\"], \"input\": {\"value\": "
                + "1}}}}}").get("error").asString())
                .contains("nodes/a/needs/0: there is no node \"b\"");
        assertThat(client.call("start_workflow", """
                {"graph": {"nodes": {"a": {"type": "simulation", "input": {"duration_seconds": 0, "steps": 1}}, "b": \
                {"type": "simulation", "input": {"duration_seconds": 0, "steps": "${a.output.summary}"}}}}}""")
                .get("error").asString())
                .contains("nodes/b/input/steps: expected integer, but [${a.output.summary}] is string");
        assertThat(client.call("start_workflow", """
                {"graph": {"nodes": {"a": {"type": "simulation", "input": {"duration_seconds": 0, "steps": 1}}, "b": \
                {"type": "compose", "input": {"value": "${a.output.sumary}"}}}}}""")
                .get("error").asString())
                .contains("nodes/b/input/value: there is no \"${a.output.sumary}\"; the output of simulation "
                + "is an object with duration_seconds, ");
    }

    @Test
    void aModelCreatesAScheduleAndSeesItsNextRuns() throws Exception {
        var name = "nightly " + UUID.randomUUID();

        var made = client.call("schedule_task", """
                {"name": "%s", "task_type": "simulation", "input": {"duration_seconds": 1, "steps": 1}, "cron": "30 2 \
                * * *", "zone": "Europe/Berlin"}""".formatted(name)).get("data");

        assertThat(made.get("next_runs")).hasSize(5)
                .allSatisfy(time -> assertThat(Instant.parse(time.asString())).isAfter(Instant.now()));
        var listed = client.call("list_schedules", "{\"limit\": 200}").at("/data/schedules").valueStream()
                .filter(one -> one.get("name").asString().equals(name)).toList();
        assertThat(listed).containsExactly(made);
        assertThat(client.call("schedule_task",
                ("{\"name\": \"%s\", \"task_type\": \"simulation\", \"input\": {\"duration_seconds\": 1, \"steps\": "
                + "1}, \"every_seconds\": 60}").formatted(name))
                .get("error").asString()).isEqualTo("schedule \"" + name + "\" already exists");
        assertThat(client.call("schedule_task",
                "{\"name\": \"x\", \"task_type\": \"simulation\", \"cron\": \"61 * * * *\"}").get("error").asString())
                .contains("cron must be an expression such as");
        assertThat(client.call("schedule_task",
                "{\"name\": \"x\", \"task_type\": \"simulation\", \"cron\": \"1 * * * *\", \"zone\": \"Mars\"}")
                .get("error").asString())
                .isEqualTo("zone must be one of the tz database such as Europe/Berlin, or UTC, not \"Mars\"");
        assertThat(client.call("schedule_task",
                "{\"name\": \"x\", \"task_type\": \"csv_import\", \"every_seconds\": 60}").get("error").asString())
                .contains("table");
    }

    private List<Event> follow(String path, String lastEventId) throws Exception {
        var events = new ArrayList<Event>();
        var id = "";
        var name = "";
        for (var line : (Iterable<String>) get(path, lastEventId).body()::iterator) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                events.add(new Event(name.equals("progress") ? "" : id, name, json.readTree(line.substring(5))));
                if (name.equals("done")) {
                    break;
                }
            }
        }
        return events;
    }

    private HttpResponse<Stream<String>> get(String path, String lastEventId) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "text/event-stream").timeout(Duration.ofSeconds(60));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }
}
