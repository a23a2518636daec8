package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Starting operations over REST, and asking how they are.
@LonghaulTest
class OperationsTest {

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    private RestClient client;

    @BeforeEach
    void connect() {
        client = new RestClient(port);
    }

    @Test
    void aBodyMayBeginWithAByteOrderMark() throws Exception {
        assertThat(client.post("/api/v1/operations", "\uFEFF{\"type\": \"simulation\", \"input\": "
                + "{\"duration_seconds\": 0, \"steps\": 1}}").status()).isEqualTo(202);
        assertThat(client.post("/mcp", "\uFEFF{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}",
                "Accept", "application/json, text/event-stream").json().path("result").path("tools").isArray()).isTrue();
    }

    @Test
    void aStartIsAcceptedAndSaysWhereToLook() throws Exception {
        var started = client.post("/api/v1/operations", """
                {"type": "simulation", "input": {"duration_seconds": 0, "steps": 2}, "queue": "default", "priority": 7, "max_attempts": 2, "timeout": "1h30m",
                 "concurrency": {"key": "acme", "limit": 3, "rate": {"starts": 5, "per": "1m"}}, "tags": ["nightly"], "metadata": {"tenant": "acme"}}""",
                "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "X-Request-Id", "job-17");

        var location = "/api/v1/operations/" + started.text("/operation_id");
        assertThat(started.status()).isEqualTo(202);
        assertThat(started.header("Location")).isEqualTo(location);
        assertThat(started.header("Operation-Location")).isEqualTo(location);
        assertThat(started.header("Retry-After")).isEqualTo("1");
        assertThat(started.header("ETag")).isEqualTo("\"v1\"");
        assertThat(started.header("X-Request-Id")).isEqualTo("job-17");
        assertThat(started.text("/status")).isEqualTo("pending");

        var ended = client.get(location + "?wait=30s");
        assertThat(ended.text("/status")).isEqualTo("completed");
        assertThat(ended.header("Retry-After")).isNull();
        assertThat(ended.json().at("/output/steps_completed").asInt()).isEqualTo(2);
        assertThat(ended.json().at("/input/steps").asInt()).isEqualTo(2);
        assertThat(ended.text("/timeout")).isEqualTo("1h30m");
        assertThat(ended.text("/concurrency/rate/per")).isEqualTo("1m");
        assertThat(ended.text("/tags/0")).isEqualTo("nightly");
        assertThat(ended.text("/metadata/tenant")).isEqualTo("acme");
        assertThat(ended.text("/trace_parent")).startsWith("00-4bf92f35");
        assertThat(ended.header("ETag")).isEqualTo("\"v" + ended.json().get("version").asLong() + "\"");
        assertThat(client.get(location, "If-None-Match", ended.header("ETag")).status()).isEqualTo(304);
        assertThat(client.get(location, "If-None-Match", "\"v1\"").status()).isEqualTo(200);
    }

    @Test
    void whatWaitsForAPersonHasNoMomentToRunAt() throws Exception {
        var started = client.post("/api/v1/operations", "{\"type\": \"approval\", \"input\": {\"action\": \"Go?\"}}");
        var id = started.text("/operation_id");

        await().until(() -> client.get("/api/v1/operations/" + id).text("/status").equals("waiting"));

        assertThat(client.get("/api/v1/operations/" + id).json().has("run_at")).isFalse();
        assertThat(client.get("/api/v1/operations?filter=" + RestClient.encoded("id:" + id)).json()
                .at("/operations/0").has("run_at")).isFalse();
        assertThat(started.text("/run_at")).startsWith("20");
    }

    @Test
    void aStartThatIsSentAgainMakesNoSecondOperation() throws Exception {
        var key = UUID.randomUUID().toString();
        var body = "{\"type\": \"simulation\", \"input\": {\"steps\": 1, \"duration_seconds\": 0}}";

        var first = client.post("/api/v1/operations", body, "Idempotency-Key", '"' + key + '"');
        var second = client.post("/api/v1/operations", body, "Idempotency-Key", key);
        var other = client.post("/api/v1/operations", body.replace(": 1", ": 3"), "Idempotency-Key", key);

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.text("/operation_id")).isEqualTo(first.text("/operation_id"));
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("idempotency-conflict");
    }

    @Test
    void theLastTimestampIsATimeLikeOthers() throws Exception {
        var id = client.submit("default", ", \"run_at\": \"9999-12-31T00:00:00Z\"");

        assertThat(client.get("/api/v1/operations/" + id).text("/run_at")).isEqualTo("9999-12-31T00:00:00Z");
        assertThat(client.get("/api/v1/operations?filter=id:" + id).text("/operations/0/run_at"))
                .isEqualTo("9999-12-31T00:00:00Z");
    }

    @Test
    void aDelayIsCountedByTheDatabasesClock() throws Exception {
        var delayed = client.submit("default", ", \"delay\": \"1h\"");

        assertThat(sql.sql("select run_at - created_at between interval '59 minutes 50 seconds' and interval '1 "
                + "hour' from operation where id = :id")
                .param("id", UUID.fromString(delayed)).query(Boolean.class).single()).isTrue();
    }

    @Test
    void whatWasToWaitBeginsNow() throws Exception {
        var delayed = client.submit("default", ", \"delay\": \"1h\"");

        assertThat(client.post("/api/v1/operations/" + delayed + ":promote", "{\"reason\": \"it is wanted now\"}")
                .status()).isEqualTo(200);

        assertThat(client.get("/api/v1/operations/" + delayed + "?wait=30s").text("/status")).isEqualTo("completed");
        assertThat(client.get("/api/v1/operations/" + delayed + "/history").response().body())
                .contains("it is wanted now");
    }

    @Test
    void whatIsOnlyToBeCheckedIsNotStored() throws Exception {
        var before = count();

        assertThat(client.post("/api/v1/operations?validate_only=true",
                "{\"type\": \"simulation\", \"input\": {\"steps\": 1, \"duration_seconds\": 1}}").status())
                .isEqualTo(200);
        assertThat(client.post("/api/v1/operations?validate_only=true",
                "{\"type\": \"simulation\", \"input\": {\"steps\": 0}}").status()).isEqualTo(422);
        assertThat(count()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"type": "simulation", "input": {"steps": 0, "duration_seconds": 1}} | 422 | input-invalid  | /input/steps    | must have a minimum value of 1, not 0
            {"type": "simulation", "priority": 101}                 | 422 | input-invalid  | /priority       | must have a maximum value of 100, not 101
            {"type": "simulation", "run_at": "soon"}                | 422 | input-invalid  | /run_at         | must be a moment such as 2026-01-08T10:00:00Z, not "soon"
            {"type": "simulation", "timeout": "an hour"}            | 422 | input-invalid  | /timeout        | expected a duration such as 90s, 5m, 1h30m or 7d, not "an hour"
            {"type": "simulation", "colour": "red"}                 | 422 | input-invalid  | /colour              | property 'colour' is not defined in the schema and the schema does not allow additional properties
            {"input": {}}                                          | 422 | input-invalid  | ~~              | required property 'type' not found
            []                                                     | 422 | input-invalid  | ~~              | array found, object expected
            """)
    void whatDoesNotFitIsToldByPlace(String body, int status, String code, String pointer, String detail)
    throws Exception {
        var before = count();

        var refused = client.post("/api/v1/operations", body);

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.text("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(refused.text("/errors/0/detail")).isEqualTo(detail);
        assertThat(refused.json().get("retryable").asBoolean()).isFalse();
        assertThat(refused.text("/request_id")).isEqualTo(refused.header("X-Request-Id"));
        assertThat(client.get(refused.text("/type")).response().body()).contains("<h1>" + refused.text("/title"));
        assertThat(count()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GET    | /api/v1/operations/nonsense                              | 400 | invalid-request
            GET    | /api/v1/operations/01a20923-0ed0-73f3-acba-03587e229145  | 404 | no-such-operation
            GET    | /api/v1/operations?pagesize=5                            | 400 | invalid-request
            GET    | /api/v1/operations?page_size=0                           | 400 | invalid-request
            GET    | /api/v1/operations?filter=%ff                            | 400 | invalid-request
            GET    | /api/v1/operations?page_size=many                        | 400 | invalid-request
            GET    | /api/v1/operations?page_size=1&page_size=2               | 400 | invalid-request
            GET    | /api/v1/operations?filter=colour:red                     | 400 | invalid-filter
            GET    | /api/v1/operations?order_by=progress                     | 400 | invalid-request
            GET    | /api/v1/operations?page_token=AAAA                       | 400 | invalid-page-token
            GET    | /api/v1/nowhere                                          | 404 | not-found
            DELETE | /api/v1/operations                                       | 405 | method-not-allowed
            """)
    void whatCannotBeUnderstoodIsAProblemDocument(String method, String path, int status, String code)
    throws Exception {
        var refused = client.send(method, path, null);

        assertThat(refused.status()).as(refused.response().body()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.text("/type")).isEqualTo("/problems/" + code);
    }

    @Test
    void aListIsReadPageByPage() throws Exception {
        var queue = "pages-" + UUID.randomUUID();
        var ids = new ArrayList<String>();
        for (var n = 0; n < 7; n++) {
            ids.addFirst(client.submit(queue, ", \"delay\": \"1h\", \"tags\": [\"t" + n + "\"]"));
        }
        var told = new ArrayList<String>();
        for (var path = "/api/v1/operations?page_size=3&filter=" + RestClient.encoded("queue:" + queue); path
                != null; ) {
            var page = client.get(path);
            page.json().get("operations").forEach(operation -> told.add(operation.get("operation_id").asString()));
            path = page.header("Link") == null ? null : page.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
        }
        assertThat(told).isEqualTo(ids);

        var first = client.get("/api/v1/operations?order_by=created_at&page_size=1&filter="
                + RestClient.encoded("queue:" + queue));
        while (first.json().get("operations").isEmpty()) {   // of what is not over no index knows the queue
            first = client.get(first.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1"));
        }
        assertThat(first.text("/operations/0/operation_id")).isEqualTo(ids.getLast());
        assertThat(first.text("/operations/0/tags/0")).isEqualTo("t0");
        assertThat(client.get("/api/v1/operations?page_token=" + first.text("/next_page_token")).code())
                .as("of another list").isEqualTo("invalid-page-token");
    }

    private long count() {
        return sql.sql("select count(*) from operation").query(Long.class).single();
    }
}
