package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tracked operations have progress, logs and history like any other, and no worker here runs them.
@LonghaulTest
class TrackingTest {

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;

    private WorkerHttp http;

    @BeforeEach
    void connect(@Value("${local.server.port}") int port) {
        http = new WorkerHttp(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void itIsCreatedReportsAndEnds() throws Exception {
        var run = track("{\"type\": \"nightly_backup\", \"input\": {\"disk\": \"sda\"}, \"tags\": [\"nightly\"]}");
        assertThat(find(run).status()).isEqualTo(Status.RUNNING);

        assertThat(run.say("report", Map.of("current", 3, "total", 4, "message", "3 of 4 GB")).status()).isEqualTo(200);
        assertThat(find(run).progress().percent()).isEqualTo(75);
        assertThat(run.say("complete", Map.of("output", Map.of("bytes", 4_000))).status()).isEqualTo(204);

        assertThat(find(run).status()).isEqualTo(Status.COMPLETED);
        assertThat(sql.sql("select to_status || ' ' || changed_by || ' ' || source from operation_history where "
                + "operation_id = :id::uuid and event <> 'progress' order by seq")
                .param("id", run.id()).query(String.class).list())
                .containsExactly("pending client 127.0.0.1 rest", "running client 127.0.0.1 rest",
                        "completed client 127.0.0.1 remote");
    }

    @Test
    void aTrackedOperationWithoutReportsFailsAndCannotRunAgain() throws Exception {
        var run = track("{\"type\": \"nightly_backup\", \"heartbeat_timeout_seconds\": 1}");

        await().until(() -> find(run).isOver());

        assertThat(find(run).error().type()).isEqualTo("heartbeat_timeout");
        assertThat(run.say("report", Map.of("progress", 50)).code()).isEqualTo("run-lost");
        assertThat(store.runAgain(OperationId.parse(run.id()), null, new Caller("ann", "test"))).isEmpty();
    }

    @Test
    void aRestartedJobGetsTheSameTokenByItsKey() throws Exception {
        var body = "{\"type\": \"nightly_backup\", \"input\": {\"day\": \"" + System.nanoTime() + "\"}}";
        var key = "backup-" + System.nanoTime();
        var first = http.send("POST", "/api/v1/operations:track", body, "Idempotency-Key", key);
        var second = http.send("POST", "/api/v1/operations:track", body, "Idempotency-Key", key);

        assertThat(second.body().path("run_id")).isEqualTo(first.body().path("run_id"));
        assertThat(second.body().path("replayed").asBoolean()).isTrue();
        assertThat(http.send("POST", "/api/v1/operations:track", "{\"type\": \"another\"}", "Idempotency-Key", key)
                .code()).isEqualTo("idempotency-conflict");
    }

    @Test
    void itGetsACancelAndCannotBeReleasedOtherwise() throws Exception {
        var run = track("{\"type\": \"nightly_backup\"}");

        assertThat(run.say("release", Map.of()).code()).isEqualTo("state-conflict");
        assertThat(run.say("sleep", Map.of("name", "nap", "seconds", 5)).code()).isEqualTo("state-conflict");
        store.cancel(OperationId.parse(run.id()), "enough", new Caller("ann", "test"));

        assertThat(run.say("report", Map.of("progress", 5)).body().path("command").asString()).isEqualTo("cancel");
        assertThat(run.say("release", Map.of()).status()).isEqualTo(204);
        assertThat(find(run).status()).isEqualTo(Status.CANCELLED);
    }

    private WorkerHttp.Run track(String body) throws IOException, InterruptedException {
        var tracked = http.send("POST", "/api/v1/operations:track", body);
        assertThat(tracked.status()).as(tracked.body().toString()).isEqualTo(201);
        return new WorkerHttp.Run(http, tracked.body());
    }

    private Operation find(WorkerHttp.Run run) {
        return store.find(OperationId.parse(run.id())).orElseThrow();
    }
}
