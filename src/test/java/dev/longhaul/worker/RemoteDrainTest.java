package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Draining a remote worker.
@LonghaulTest
class RemoteDrainTest extends WorkerTest {

    @Test
    void aDrainingWorkerEndsItsRunsAndGetsNothingMoreUntilItIsResumed() throws Exception {
        var worker = register(Map.of());
        var running = submit();
        var run = claim(worker, 1, 10).getFirst();

        var drained = http.post("/api/v1/workers/" + worker + ":drain", Map.of("reason", "a new version"));
        assertThat(drained.status()).isEqualTo(200);
        assertThat(drained.body().path("draining_since").isNull()).isFalse();
        assertThat(drained.body().path("drained_by").asString()).startsWith("client ");
        assertThat(drained.body().path("drain_reason").asString()).isEqualTo("a new version");
        assertThat(drained.body().path("running").asInt()).isEqualTo(1);
        await().until(() -> http.post("/api/v1/workers/" + worker + ":heartbeat", Map.of()).body().path("draining")
                .asBoolean());

        var next = submit();
        var nothing = http.post("/api/v1/workers/" + worker + ":claim", Map.of("max", 5, "wait_seconds", 0)).body();
        assertThat(nothing.path("claims")).isEmpty();
        assertThat(nothing.path("draining").asBoolean()).isTrue();
        var synced = http.post("/api/v1/workers/" + worker + ":sync",
                Map.of("runs", List.of(Map.of("operation_id", run.id(), "complete", Map.of("run_id", run.runId()))),
                "claim", Map.of("max", 5))).body();
        assertThat(synced.at("/runs/0/accepted").asBoolean()).isTrue();
        assertThat(synced.path("claims")).isEmpty();
        assertThat(synced.path("draining").asBoolean()).isTrue();
        assertThat(find(running).status()).isEqualTo(Status.COMPLETED);
        assertThat(http.get("/api/v1/workers/" + worker).body().path("running").asInt()).as("it is empty").isZero();

        assertThat(http.post("/api/v1/workers/" + worker + ":resume", Map.of()).body().path("draining_since").isNull())
                .isTrue();
        await().until(() -> !http.post("/api/v1/workers/" + worker + ":heartbeat", Map.of()).body().path("draining")
                .asBoolean());
        assertThat(claim(worker, 1, 10).getFirst().id()).isEqualTo(next.toString());
    }

    @Test
    void aWaitingClaimOfADrainedWorkerIsAnsweredAtOnce() throws Exception {
        var worker = register(Map.of());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    threads.submit(() -> http.post("/api/v1/workers/" + worker + ":claim", Map.of("wait_seconds", 60)));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                http.post("/api/v1/workers/" + worker + ":resume", Map.of());
                http.post("/api/v1/workers/" + worker + ":drain", Map.of());   // until the claim is there
                return waiting.isDone();
            });
            assertThat(waiting.get().body().path("claims")).isEmpty();
        }
    }

    @Test
    void aLostWorkerCannotBeDrained() throws Exception {
        var worker = register(Map.of());
        http.send("DELETE", "/api/v1/workers/" + worker, null);

        var refused = http.post("/api/v1/workers/" + worker + ":drain", Map.of());

        assertThat(refused.code()).isEqualTo("state-conflict");
        assertThat(refused.body().path("detail").asString()).endsWith("it is ended");
        assertThat(http.post("/api/v1/workers/00000000-0000-0000-0000-000000000001:drain", Map.of()).body()
                .path("detail").asString()).endsWith("it is a tracker, which claims nothing");
    }
}
