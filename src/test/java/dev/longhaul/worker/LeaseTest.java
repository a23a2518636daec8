package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Leases of remote workers, and updates of runs that are over.
@LonghaulTest
class LeaseTest extends WorkerTest {

    @Test
    void aSilentWorkerIsLostAndAnotherContinuesAfterTheLastStep() throws Exception {
        var silent = register(Map.of("name", "silent", "lease_seconds", 2));
        submit();
        var lost = claim(silent, 1, 5).getFirst();
        assertThat(lost.say("step", Map.of("name", "page-1", "result", Map.of("rows", 7))).status()).isEqualTo(200);

        var other = register(Map.of("name", "other"));
        var found = claim(other, 1, 30).getFirst();

        assertThat(found.id()).isEqualTo(lost.id());
        assertThat(found.claim().path("attempt").asInt()).isEqualTo(2);
        assertThat(found.claim().path("steps")).hasToString("{\"page-1\":{\"rows\":7}}");
        for (var verb : Map.<String, Map<String, ?>>of("report", Map.of("progress", 50), "step",
                Map.of("name", "page-2"), "complete", Map.of("output", 1),
                "fail", Map.of("message", "x"), "release", Map.of(), "sleep", Map.of("name", "nap", "seconds", 1))
                .entrySet()) {
            assertThat(lost.say(verb.getKey(), verb.getValue()).code()).as("late " + verb.getKey())
                    .isEqualTo("run-lost");
        }
        assertThat(http.post("/api/v1/workers/" + silent + ":claim", Map.of()).code()).isEqualTo("worker-lost");
        assertThat(found.say("complete", Map.of("output", "mine")).status()).isEqualTo(204);
        assertThat(find(OperationId.parse(found.id())).output()).hasToString("\"mine\"");
        assertThat(history(found.id())).containsExactly("pending", "running by silent", "pending worker lease expired",
                "running by other", "completed by other");
    }

    @Test
    void everyRequestRenewsTheLease() throws Exception {
        var worker = register(Map.of("lease_seconds", 2));
        submit();
        var run = claim(worker, 1, 5).getFirst();

        // of work, nearly twice the lease
        await().during(Duration.ofMillis(3_600)).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(120))
                .untilAsserted(() -> assertThat(run.say("report", Map.of("message", "at work")).status())
                        .isEqualTo(200));

        assertThat(run.say("complete", Map.of()).status()).isEqualTo(204);
        assertThat(find(OperationId.parse(run.id())).attempt()).isEqualTo(1);
    }

    @Test
    void anExclusiveWorkerTakesOverAtOnceWhenItStartsAgain() throws Exception {
        var name = "only-" + type;
        var first = register(Map.of("name", name, "exclusive", true, "lease_seconds", 3_600));
        submit();
        var before = claim(first, 1, 5).getFirst();

        var second = register(Map.of("name", name, "exclusive", true));
        var after = claim(second, 1, 10).getFirst();

        assertThat(after.id()).isEqualTo(before.id());
        assertThat(before.say("complete", Map.of()).code()).isEqualTo("run-lost");
    }

    @Test
    void aRepeatedEndIsAcceptedOnce() throws Exception {
        var worker = register(Map.of());
        submit();
        var run = claim(worker, 1, 5).getFirst();

        assertThat(run.say("complete", Map.of("output", 1)).status()).isEqualTo(204);
        assertThat(run.say("complete", Map.of("output", 1)).status()).as("the same once more").isEqualTo(204);
        assertThat(run.say("fail", Map.of("message", "no")).code()).as("something else").isEqualTo("run-lost");
        assertThat(find(OperationId.parse(run.id())).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void oneSyncUpdatesManyRunsAndClaimsTheNext() throws Exception {
        var worker = register(Map.of());
        IntStream.range(0, 6).forEach(_ -> submit());
        var runs = claim(worker, 3, 5);

        var sync = http.post("/api/v1/workers/" + worker + ":sync", Map.of("claim", Map.of("max", 10), "runs", List.of(
                Map.of("operation_id", runs.get(0).id(), "report",
                        Map.of("run_id", runs.get(0).runId(), "progress", 30, "message", "a third")),
                Map.of("operation_id", runs.get(1).id(), "report", Map.of("run_id", runs.get(1).runId(), "steps",
                        List.of(Map.of("name", "all", "result", 1))),
                        "complete", Map.of("run_id", runs.get(1).runId(), "output", 2)),
                Map.of("operation_id", runs.get(2).id(), "fail",
                        Map.of("run_id", UUID.randomUUID(), "message", "not mine", "retryable", false)))));

        assertThat(sync.status()).as(sync.body().toString()).isEqualTo(200);
        assertThat(sync.body().path("runs").valueStream().map(run -> run.path("accepted").asBoolean()).toList())
                .containsExactly(true, true, false);
        assertThat(sync.body().path("claims")).hasSize(3);
        assertThat(find(OperationId.parse(runs.get(0).id())).progress().percent()).isEqualTo(30);
        assertThat(find(OperationId.parse(runs.get(1).id())).output()).hasToString("2");
        assertThat(sql.sql("select count(*) from operation_step where operation_id = :id::uuid")
                .param("id", runs.get(1).id()).query(Integer.class).single()).isEqualTo(1);
        assertThat(find(OperationId.parse(runs.get(2).id())).status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void aHeartbeatReturnsACancelAtOnceAndRunsThatAreOver() throws Exception {
        var worker = register(Map.of());
        var id = submit();
        var run = claim(worker, 1, 5).getFirst();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var beating = threads.submit(() -> http.post("/api/v1/workers/" + worker + ":heartbeat",
                    Map.of("wait_seconds", 14, "runs", List.of(run.runId()))));

            store.cancel(id, null, ANN);

            assertThat(beating.get().body().path("commands"))
                    .hasToString("[{\"operation_id\":\"" + id + "\",\"command\":\"cancel\"}]");
        }
        assertThat(run.say("report", Map.of("progress", 10)).body().path("command").asString()).isEqualTo("cancel");
        run.say("release", Map.of());
        assertThat(find(id).status()).isEqualTo(Status.CANCELLED);
        var gone = http.post("/api/v1/workers/" + worker + ":heartbeat", Map.of("runs", List.of(run.runId())));
        assertThat(gone.body().path("lost")).hasToString("[\"" + run.runId() + "\"]");
    }

    @Test
    void aWorkerThatLeavesReleasesItsOperations() throws Exception {
        var leaving = register(Map.of());
        submit();
        var run = claim(leaving, 1, 5).getFirst();

        assertThat(http.send("DELETE", "/api/v1/workers/" + leaving, null).status()).isEqualTo(204);

        assertThat(claim(register(Map.of()), 1, 10)).singleElement()
                .satisfies(next -> assertThat(next.id()).isEqualTo(run.id()));
    }
}
