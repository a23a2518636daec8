package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Schedules and workflows over REST.
@LonghaulTest
class SchedulesAndWorkflowsTest {

    @LocalServerPort
    int port;
    private RestClient client;
    private final String name = "rest-" + UUID.randomUUID();

    @BeforeEach
    void connect() {
        client = new RestClient(port);
    }

    @Test
    void aScheduleIsMadeChangedPausedStartedByHandAndDeleted() throws Exception {
        var made = client.post("/api/v1/schedules",
                schedule("\"cron\": \"30 2 * * *\", \"zone\": \"Europe/Berlin\", \"jitter\": \"1m\""));
        var address = "/api/v1/schedules/" + made.text("/schedule_id");

        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(address);
        assertThat(made.json().get("next_runs")).hasSize(10);
        assertThat(made.text("/jitter")).isEqualTo("1m");
        assertThat(client.get("/api/v1/schedules/" + name).text("/schedule_id")).as("by its name")
                .isEqualTo(made.text("/schedule_id"));
        assertThat(client.get("/api/v1/schedules?page_size=200").json().get("schedules").valueStream()
                .map(one -> one.get("name").asString())).contains(name);
        assertThat(client.post("/api/v1/schedules", schedule("\"every\": \"1h\"")).code()).isEqualTo("name-taken");

        var paused = client.post(address + ":pause", "{\"reason\": \"holidays\"}");
        assertThat(paused.text("/paused_reason")).isEqualTo("holidays");
        assertThat(client.post(address + ":resume", null).json().get("paused").asBoolean()).isFalse();

        var started = client.post(address + ":trigger", "{\"reason\": \"the boss asks\"}");
        assertThat(started.status()).isEqualTo(202);
        assertThat(client.get(address + "/runs").text("/runs/0/operation_id"))
                .isEqualTo(started.text("/operation_id"));
        assertThat(client.post(address + ":backfill",
                "{\"from\": \"2026-01-01T00:00:00Z\", \"to\": \"2026-01-04T00:00:00Z\"}").json().get("started").asInt())
                .isEqualTo(3);
        assertThat(client.get(address + "/runs?page_size=2").text("/next_before")).isNotBlank();

        var changed = client.send("PUT", address, schedule("\"every\": \"15m\", \"overlap\": \"cancel_older\""));
        assertThat(changed.text("/every")).isEqualTo("15m");
        assertThat(changed.text("/overlap")).isEqualTo("cancel_older");
        assertThat(client.send("DELETE", address + "?reason=not+needed", null).status()).isEqualTo(204);
        assertThat(client.get(address).code()).isEqualTo("no-such-schedule");
    }

    @Test
    void whenItWouldBeDueCanBeAskedBeforehand() throws Exception {
        var asked = client.post("/api/v1/schedules:preview",
                "{\"cron\": \"30 2 * * *\", \"zone\": \"Europe/Berlin\", \"from\": \"2026-03-28T12:00:00Z\", "
                + "\"count\": 2}");

        assertThat(asked.json().get("runs").toString())
                .isEqualTo("[\"2026-03-29T01:00:00Z\",\"2026-03-30T00:30:00Z\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "cron": "61 * * * *"                          | cron must be an expression such as
            "cron": "* * * * *", "zone": "Mars/Olympus"   | zone must be one of the tz database
            "every": "100ms"                              | every must be between 1s and 3660 days
            "at": "2020-01-01T00:00:00Z"                  | at must be in the future
            "cron": "* * * * *", "every": "1h"            | expected one of cron, every and at
            "every": "1h", "overlap": "push"              | overlap must be one of skip, queue, cancel_older, allow, not "push"
            """)
    void aScheduleThatMakesNoSenseIsRefusedWithItsReason(String when, String detail) throws Exception {
        var refused = client.post("/api/v1/schedules", schedule(when));

        assertThat(refused.status()).isIn(400, 422);
        assertThat(refused.text("/detail")).contains(detail);
        assertThat(client.get("/api/v1/schedules/" + name).status()).isEqualTo(404);
    }

    /// What docs/workflows.md prints, but for the files, which nobody serves here.
    @Test
    void aWorkflowIsStartedAsYamlAndTellsItsNodes() throws Exception {
        var yaml = """
                name: from yaml
                input: {on: yes, day: 2026-01-08}
                nodes:
                  first: {type: compose, input: {value: ["${input.on}", ".inf", 12345678901234567890, true, null]}}
                  second:
                    type: compose
                    for_each: ${first.output}
                    input: {value: "${item}"}
                output: ${second.output}
                """;

        var started = client.post("/api/v1/workflows", yaml, "Content-Type", "application/yaml",
                "Idempotency-Key", name);

        assertThat(started.status()).as(started.response().body()).isEqualTo(202);
        var address = started.header("Location");
        await().until(() -> client.get(address).text("/status").equals("completed"));
        var ended = client.get(address);
        assertThat(ended.json().get("output").toString()).isEqualTo("[\"yes\",\".inf\",12345678901234567890,true,null]");
        assertThat(ended.json().get("nodes").valueStream().map(node -> node.get("name").asString() + " "
                + node.get("status").asString() + " " + node.get("finished").asInt()))
                .containsExactly("first completed 1", "second completed 5");
        assertThat(client.post("/api/v1/workflows", yaml, "Content-Type", "application/yaml", "Idempotency-Key", name)
                .header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(client.get("/api/v1/workflows:schema").text("/$defs/Node/type")).isEqualTo("object");
        assertThat(client.post(address + ":cancel", null).text("/status")).as("too late").isEqualTo("completed");
        assertThat(client.get("/api/v1/workflows/" + UUID.randomUUID()).code()).isEqualTo("no-such-operation");
    }

    @Test
    void theExampleOfTheDocumentationIsAWorkflow() throws Exception {
        var yaml = between("docs/workflows.md", "```yaml\n", "```");

        assertThat(client.post("/api/v1/workflows?validate_only=true", yaml, "Content-Type", "application/yaml")
                .response().body()).isEqualTo("{\"valid\":true}");
    }

    private static String between(String file, String before, String after) throws IOException {
        var text = Files.readString(Path.of(file));
        var from = text.indexOf(before) + before.length();
        return text.substring(from, text.indexOf(after, from));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"nodes": {"a": {"type": "compose", "needs": ["a"], "input": {"value": 1}}}}          | application/json | input-invalid  | a cycle: a needs a
            {"nodes": {"a": {"type": "compose", "needs": ["b"], "input": {"value": 1}}}}          | application/json | input-invalid  | there is no node "b"
            {nodes: {a: {type: compose, type: compose}}}                                          | application/yaml | malformed-json | found duplicate key type
            a: &x [*x, *x                                                                         | application/yaml | malformed-json | not YAML
            a: &x [*x]                                                                            | application/yaml | malformed-json | contains itself
            ~: x                                                                                  | application/yaml | malformed-json | a key must be a text
            !!java.net.URL [http://localhost]                                                     | application/yaml | malformed-json | not YAML
            {nodes: {a: {type: compose, input: {value: .inf}}}}                                   | application/yaml | malformed-json | found .inf
            {nodes: {a: {type: compose, input: {value: [-.INF, .NaN]}}}}                          | application/yaml | malformed-json | found -.INF
            {nodes: {a: {type: compose, input: {value: !!float .inf}}}}                           | application/yaml | malformed-json | found .inf
            {nodes: {a: {type: compose, input: {value: 1e400}}}}                                  | application/yaml | invalid-request | exponent
            just text                                                                             | application/yaml | input-invalid  | object
            """)
    void aGraphThatMakesNoSenseIsRefusedWithThePlace(String graph, String type, String code, String detail)
    throws Exception {
        var refused = client.post("/api/v1/workflows", graph, "Content-Type", type);

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.text("/detail")).contains(detail);
    }

    /// An alias is three characters and may stand for a megabyte.
    @Test
    void aliasesThatWrittenOutAreTooLongAreRefused() throws Exception {
        var texts = "a: &s " + "x".repeat(100_000) + "\nb: [" + "*s, ".repeat(1_000) + "]";
        var lists = "a: &a [" + "x, ".repeat(10_000)
                + "]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]";

        for (var bomb : List.of(texts, lists)) {
            var refused = client.post("/api/v1/workflows", bomb, "Content-Type", "application/yaml");
            assertThat(refused.code()).isEqualTo("malformed-json");
            assertThat(refused.text("/detail")).contains("with its aliases written out");
        }
    }

    @Test
    void tenMegabytesAreTooMany() throws Exception {
        var refused = client.post("/api/v1/workflows",
                "{\"nodes\": {\"a\": {\"type\": \"compose\", \"input\": {\"value\": \"" + "x".repeat(10 << 20)
                + "\"}}}}");

        assertThat(refused.code()).isEqualTo("too-large");
    }

    private String schedule(String when) {
        return ("{\"name\": \"%s\", %s, \"operation\": {\"type\": \"simulation\", \"input\": {\"duration_seconds\": 0, "
                + "\"steps\": 1}, \"timeout\": \"1h\", \"tags\": [\"nightly\"]}}").formatted(name, when);
    }
}
