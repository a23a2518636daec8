package dev.longhaul.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The streams in our own dialect, over HTTP.
@LonghaulTest
class EventsTest {

    private static final Caller ANN = new Caller("ann", "test");
    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    int port;
    @Autowired
    OperationStore store;
    @Autowired
    JsonMapper json;
    @Autowired
    JdbcClient sql;

    record Event(String id, String name, JsonNode data) {}

    @Test
    void anOperationsStreamBeginsWithASnapshotTellsEveryStateOnceAndEndsWithDone() throws Exception {
        var id = simulation(1, 5, "default", null);

        var events = all("/api/v1/operations/" + id + "/events");

        assertThat(events.getFirst().name).isEqualTo("snapshot");
        assertThat(events.getLast().name).isEqualTo("done");
        assertThat(events.getLast().data.get("to_status").asString()).isEqualTo("completed");
        assertThat(events.getLast().data.at("/operation/output/steps_completed").asInt()).isEqualTo(5);
        assertThat(events).extracting(event -> Long.parseLong(event.id)).isSorted().doesNotHaveDuplicates();
        assertThat(events).extracting(Event::name).contains("progress").doesNotContain("error");
    }

    @Test
    void aClientThatComesBackMissesNothingAndGetsNothingTwice() throws Exception {
        var id = simulation(1, 5, "default", null);
        var history = all("/api/v1/operations/" + id + "/events?last_event_id=0").stream()
                .filter(event -> !event.name.equals("progress")).toList();

        var rest = all("/api/v1/operations/" + id + "/events", "Last-Event-ID", history.get(1).id);

        assertThat(history).extracting(event -> event.data.get("seq").asInt()).isEqualTo(sql.sql(
                "select seq from operation_history where operation_id = :id and event <> 'progress' order by seq")
                .param("id", id.value()).query(Integer.class).list());
        assertThat(rest.stream().filter(event -> !event.name.equals("progress")).map(Event::id))
                .isEqualTo(history.stream().skip(2).map(Event::id).toList());
        assertThat(get("/api/v1/operations/" + id + "/events", "Last-Event-ID", history.getLast().id).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aStreamThatWantsTheLogGetsEveryLineOnceAndBeforeTheEnd() throws Exception {
        var id = store.submit(Submission.of("tricks", json.createObjectNode().put("trick", "log")
                .put("key", UUID.randomUUID().toString())), ANN).operation().id();
        var path = "/api/v1/operations/" + id + "/events?types=state,log";

        var events = all(path);
        var lines = events.stream().filter(event -> event.name.equals("log"))
                .map(event -> event.data.get("line").asInt()).toList();
        assertThat(lines).isEqualTo(sql.sql("select line from operation_log where operation_id = :id order by line")
                .param("id", id.value()).query(Integer.class).list()).isNotEmpty();
        assertThat(events.getLast().name).isEqualTo("done");
        assertThat(events).extracting(Event::name).doesNotContain("progress");

        var again = all("/api/v1/operations/" + id + "/events?types=log", "Last-Event-ID", "1.1");
        assertThat(again.stream().filter(event -> event.name.equals("log"))
                .map(event -> event.data.get("line").asInt())).isEqualTo(lines.stream().skip(1).toList());
        for (var place = 0; place < events.size() - 1; place++) {
            var rest = all(path, "Last-Event-ID", events.get(place).id);
            assertThat(versionsAndLines(rest)).as("behind %s", events.get(place).id)
                    .containsExactlyInAnyOrderElementsOf(versionsAndLines(events.subList(place + 1, events.size())));
        }
        assertThat(events.stream().map(Event::id)).doesNotHaveDuplicates();
        assertThat(get(path, "Last-Event-ID", events.getLast().id).statusCode()).isEqualTo(204);
        assertThat(get("/api/v1/operations/" + id + "/events?types=weather").statusCode()).isEqualTo(400);
    }

    private static List<String> versionsAndLines(List<Event> events) {
        return events.stream().map(event -> event.name.equals("log") ? "line " + event.data.get("line").asInt()
                : "version " + event.id.replaceAll("\\..*", "")).toList();
    }

    @Test
    void whatCannotBeUnderstoodIsRefusedWithAReason() throws Exception {
        var id = simulation(0, 1, "default", Instant.now().plusSeconds(9_999));

        assertThat(get("/api/v1/operations/nonsense/events").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/operations/" + UUID.randomUUID() + "/events").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/operations/" + id + "/events", "Last-Event-ID", "abc").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/operations/" + id + "/events", "Last-Event-ID", "99").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/events", "Last-Event-ID", "17").body())
                .contains("expected the id of an event of this stream, not \\\"17\\\"");
        assertThat(get("/api/v1/events?filter=colour:red").body()).contains("there is no colour");
        assertThat(get("/api/v1/events?types=weather").statusCode()).isEqualTo(400);
    }

    @Test
    void oneStreamWatchesAllThatPassAFilterAndResumesWithoutLossOrRepetition() throws Exception {
        var queue = "watched-" + UUID.randomUUID();
        var before = simulation(0, 1, queue, Instant.now().plusSeconds(9_999));
        var path = "/api/v1/events?filter=" + URLEncoder.encode("queue:" + queue, StandardCharsets.UTF_8);
        var seen = new ArrayList<Event>();
        try (var lines = open(path)) {
            var events = events(lines).iterator();
            var snapshot = events.next();
            assertThat(snapshot.name).isEqualTo("snapshot");
            assertThat(snapshot.data.get("operations")).hasSize(1);
            assertThat(snapshot.data.at("/operations/0/operation_id").asString()).isEqualTo(before.toString());

            var running = simulation(3_600, 10_000, queue, null);
            simulation(0, 4, "another", null);
            while (seen.stream().noneMatch(event -> event.name.equals("progress")
                    && event.data.get("progress").asDouble() > 0)) {
                seen.add(events.next());
            }
            store.cancel(running, "seen enough", ANN);
            while (seen.stream().noneMatch(event -> event.name.equals("done"))) {
                seen.add(events.next());
            }
        }
        var states = seen.stream().filter(event -> !event.name.equals("progress")).toList();
        assertThat(states).extracting(event -> event.data.get("to_status").asString())
                .containsExactly("pending", "running", "running", "cancelled");

        store.cancel(before, "not needed", ANN);
        try (var lines = open(path, "Last-Event-ID", states.getFirst().id)) {
            var again = events(lines).filter(event -> !event.name.equals("progress")).limit(4).toList();
            assertThat(again).extracting(event -> event.data.get("to_status").asString())
                    .containsExactly("running", "running", "cancelled", "cancelled");
        }
    }

    @Test
    void aClientWhosePlaceInTheFeedIsGoneBeginsAnew() throws Exception {
        var queue = "reset-" + UUID.randomUUID();
        var path = "/api/v1/events?filter=" + URLEncoder.encode("queue:" + queue, StandardCharsets.UTF_8);
        var id = simulation(0, 1, queue, Instant.now().plusSeconds(9_999));

        for (var place : List.of("1." + id + ".1", "1.ffffffff-ffff-ffff-ffff-ffffffffffff.2147483647",
                "99999999999999." + id + ".1")) {
            try (var lines = open(path, "Last-Event-ID", place)) {
                var events = events(lines).limit(2).toList();
                assertThat(events).extracting(Event::name).as(place).containsExactly("reset", "snapshot");
                assertThat(events.getLast().data.at("/operations/0/operation_id").asString()).isEqualTo(id.toString());
            }
        }
    }

    private List<Event> all(String path, String... headers) throws IOException, InterruptedException {
        try (var lines = open(path, headers)) {
            return events(lines).toList();
        }
    }

    private Stream<String> open(String path, String... headers) throws IOException, InterruptedException {
        return http.send(request(path, headers), HttpResponse.BodyHandlers.ofLines()).body();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return http.send(request(path, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30)).header("Accept", "text/event-stream");
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private Stream<Event> events(Stream<String> lines) {
        var parts = new String[2];
        return lines.mapMulti((line, next) -> {
            if (line.startsWith("id: ")) {
                parts[0] = line.substring(4);
            } else if (line.startsWith("event: ")) {
                parts[1] = line.substring(7);
            } else if (line.startsWith("data: ")) {
                next.accept(new Event(parts[0], parts[1], json.readTree(line.substring(6))));
            }
        });
    }

    private OperationId simulation(int seconds, int steps, String queue,
            @org.jspecify.annotations.Nullable Instant runAt) {
        return store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", seconds)
                .put("steps", steps))
                .withQueue(queue).withRunAt(runAt).with(limits -> limits.withMaxAttempts(1)), ANN).operation().id();
    }
}
