package dev.longhaul.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A retried operation is not over: its streams end with the operation as it is now.
@LonghaulTest
@Timeout(60)
class RetriedOperationTest {

    private static final Caller ANN = new Caller("ann", "test");
    private static final JsonMapper json = JsonMapper.shared();
    private static final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Autowired
    OperationStore store;

    private record Event(String id, String name, JsonNode data) {

        /// `done`, or the name and the exact status.
        String text() {
            return name + " " + (data.has("state") ? data.get("state").asString()
                    : data.path("to_status").asString(data.path("status").asString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/operations/ID/events", "/api/v1/operations/ID/events?types=state",
            "/api/v1/operations/ID/events?types=state,log"})
    void aStreamThatResumesFromBeforeAFailureTellsItAndGoesOnWithTheRetriedAttempt(String path) throws Exception {
        var id = failedAndRetried();

        try (var lines = open(path.replace("ID", id.toString()), "0")) {
            var events = events(lines);
            assertThat(take(events, 3)).containsExactly("state pending", "state failed", "state pending");

            move(id, "status = 'cancelled'");

            assertThat(rest(events)).containsExactly("done cancelled");
        }
    }

    @Test
    void theReferenceStreamDoesSoToo() throws Exception {
        var id = failedAndRetried();

        try (var lines = open("/progress/" + id + "/stream", "0")) {
            var events = events(lines);
            assertThat(take(events, 3)).containsExactly("progress pending", "progress failed", "progress pending");

            move(id, "status = 'failed', error = '{\"message\": \"the disk is full again\"}'");

            assertThat(rest(events)).containsExactly("progress failed", "error failed");
        }
    }

    @Test
    void theReferenceStreamTellsChangesOfStatusThatKeepProgressAndMessage() throws Exception {
        var id = submit();
        move(id, "status = 'running', run_id = gen_random_uuid(), worker_id = (select id from worker limit 1), "
                + "progress = 40, message = 'Copied 4 of 10'");

        try (var lines = open("/progress/" + id + "/stream", "2")) {
            move(id, "status = 'waiting', run_at = now() + interval '1 day'");
            move(id, "status = 'pending'");
            move(id, "status = 'running', run_id = gen_random_uuid(), worker_id = (select id from worker limit 1)");
            move(id, "status = 'cancelled'");

            assertThat(rest(events(lines))).containsExactly("progress waiting", "progress pending", "progress running",
                    "progress cancelled", "done cancelled");
        }
    }

    @Test
    void theStreamOfARetriedWorkflowGoesOn() throws Exception {
        var workflow = OperationId.parse(post("/api/v1/workflows", """
                {"name": "retried", "nodes": {"work": {"type": "simulation", "queue": "retried-%s",
                 "input": {"duration_seconds": 600, "steps": 600}}}}""".formatted(UUID.randomUUID()))
                .path("operation_id").asString());
        var path = "/api/v1/workflows/" + workflow + "/events";
        String place;
        try (var lines = open(path, null)) {
            place = events(lines).next().id;
        }
        cancel(workflow);
        store.runAgain(workflow, "after all", ANN);

        try (var lines = open(path, place)) {
            var events = events(lines);
            var told = new ArrayList<String>();
            while (!told.contains("state cancelled") || !told.getLast().equals("state pending")) {
                told.addAll(ofOperation(events.next(), workflow));
            }
            assertThat(told).doesNotContain("done cancelled");

            cancel(workflow);

            while (events.hasNext()) {
                told.addAll(ofOperation(events.next(), workflow));
            }
            assertThat(told).last().isEqualTo("done cancelled");
        }
    }

    @Test
    void theStreamOfACancelledWorkflowTellsTheEndsOfItsOperationsBeforeItsOwn() throws Exception {
        var queue = "paused-" + UUID.randomUUID();
        post("/api/v1/queues/" + queue + ":pause", "{}");
        var workflow = OperationId.parse(post("/api/v1/workflows", """
                {"name": "cancelled", "nodes": {"work": {"type": "simulation", "queue": "%s",
                 "input": {"duration_seconds": 0, "steps": 1}}}}""".formatted(queue))
                .path("operation_id").asString());
        await().until(() -> sql.sql("select count(*) from operation where queue = :queue").param("queue", queue)
                .query(Long.class).single() == 1);

        try (var lines = open("/api/v1/workflows/" + workflow + "/events", null)) {
            var events = events(lines);
            assertThat(events.next().name).isEqualTo("snapshot");
            store.cancel(workflow, "enough", ANN);

            assertThat(rest(events)).contains("state cancelled").last().isEqualTo("done cancelled");
        }
    }

    @Test
    void theFeedTellsThePastEndAsAStateAndThePresentOneAsDone() throws Exception {
        var id = submit();
        var path = "/api/v1/events?types=state&filter=queue:" + queue(id);
        String place;
        try (var lines = open(path, null)) {
            place = events(lines).next().id;
        }
        move(id, "status = 'failed', error = '{\"message\": \"the disk is full\"}'");
        move(id, "status = 'pending'");
        move(id, "status = 'cancelled'");

        try (var lines = open(path, place)) {
            assertThat(untilDone(events(lines))).endsWith("state failed", "state pending", "done cancelled")
                    .doesNotContain("done failed");   // the place may be before the submission
        }
    }

    @Test
    void anEditAfterTheEndIsTheLastEventOfAStreamThatResumes() throws Exception {
        var id = submit();
        move(id, "status = 'cancelled'");
        move(id, "tags = '{late}'");
        move(id, "message = 'not in the history'");
        var path = "/api/v1/operations/" + id + "/events";

        try (var lines = open(path, "1")) {
            assertThat(rest(events(lines))).containsExactly("state cancelled", "done cancelled");
        }
        try (var lines = open(path, "3")) {
            assertThat(rest(events(lines))).containsExactly("done cancelled");
        }
        assertThat(response(path, "4").statusCode()).isEqualTo(204);
    }

    private OperationId failedAndRetried() {
        var id = submit();
        move(id, "status = 'failed', error = '{\"message\": \"the disk is full\"}'");
        move(id, "status = 'pending'");
        return id;
    }

    /// An operation that nodes do not claim.
    private OperationId submit() {
        return new OperationId(sql.sql("insert into operation (type, queue, claim_group, run_at) values ('simulation', "
                + ":queue, null, now() + interval '1 day') returning id").param("queue", "retried-" + UUID.randomUUID())
                .query(UUID.class).single());
    }

    private void move(OperationId id, String assignments) {
        assertThat(sql.sql("update operation set " + assignments + " where id = :id").param("id", id.value()).update())
                .isEqualTo(1);
    }

    private void cancel(OperationId workflow) {
        store.cancel(workflow, "enough", ANN);
        await().until(() -> store.find(workflow).orElseThrow().isOver());
    }

    private String queue(OperationId id) {
        return store.find(id).orElseThrow().queue();
    }

    private static List<String> ofOperation(Event event, OperationId id) {
        return event.data.path("operation_id").asString("").equals(id.toString()) ? List.of(event.text()) : List.of();
    }

    private static List<String> take(Iterator<Event> events, int number) {
        var taken = new ArrayList<String>();
        while (taken.size() < number && events.hasNext()) {
            taken.add(events.next().text());
        }
        return taken;
    }

    private static List<String> untilDone(Iterator<Event> events) {
        var taken = new ArrayList<String>();
        while (taken.isEmpty() || !taken.getLast().startsWith("done")) {
            taken.add(events.next().text());
        }
        return taken;
    }

    private static List<String> rest(Iterator<Event> events) {
        return take(events, Integer.MAX_VALUE);
    }

    private static Iterator<Event> events(Stream<String> lines) {
        var parts = new String[2];
        return lines.<Event>mapMulti((line, next) -> {
            if (line.startsWith("id: ")) {
                parts[0] = line.substring(4);
            } else if (line.startsWith("event: ")) {
                parts[1] = line.substring(7);
            } else if (line.startsWith("data: ")) {
                next.accept(new Event(parts[0], parts[1], json.readTree(line.substring(6))));
            }
        }).iterator();
    }

    private Stream<String> open(String path, @Nullable String lastEventId) throws IOException, InterruptedException {
        return response(path, lastEventId).body();
    }

    private HttpResponse<Stream<String>> response(String path, @Nullable String lastEventId)
            throws IOException, InterruptedException {
        var request = request(path).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    private JsonNode post(String path, String body) throws IOException, InterruptedException {
        return json.readTree(http.send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }
}
