package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import dev.longhaul.operation.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Claims of remote workers.
@LonghaulTest
class ClaimTest extends WorkerTest {

    @Test
    void aWorkerClaimsOnlyTypesThatItRegistered() throws Exception {
        var worker = register(Map.of());
        var other = register(Map.of("types", List.of(Map.of("type", type + "_other"))));
        var id = submit();

        assertThat(claim(other, 5, 0)).isEmpty();
        assertThat(find(id).status()).as("no node claimed it, though nodes rehearse what they do not know")
                .isEqualTo(Status.PENDING);

        assertThat(claim(worker, 5, 5)).singleElement().satisfies(run -> assertThat(run.id()).isEqualTo(id.toString()));
    }

    @Test
    void aClaimWaitsUntilThereIsSomething() throws Exception {
        var worker = register(Map.of());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = CompletableFuture.supplyAsync(() -> claimed(worker, 1, 30), threads);
            var id = submit();

            assertThat(waiting.get()).singleElement().satisfies(run -> assertThat(run.id()).isEqualTo(id.toString()));
        }
    }

    @Test
    void aClaimTakesAtMostMaxAndHigherPrioritiesFirst() throws Exception {
        var worker = register(Map.of());
        submit(submission -> submission.withPriority(1));
        var urgent = submit(submission -> submission.withPriority(9));
        submit();

        assertThat(claim(worker, 2, 5)).hasSize(2).first()
                .satisfies(run -> assertThat(run.id()).isEqualTo(urgent.toString()));
        assertThat(claim(worker, 2, 5)).hasSize(1);
        assertThat(claim(worker, 2, 0)).isEmpty();
    }

    @Test
    void manyConcurrentClaimsShareTheFirstOperationsInOrder() throws Exception {
        var queue = "q-" + type;
        var workers = new ArrayList<String>();
        while (workers.size() < 20) {
            workers.add(register(Map.of()));
        }
        sql.sql("insert into queue (name, paused) values (:name, true)").param("name", queue).update();
        var ids = IntStream.range(0, 60).mapToObj(_ -> submit(submission -> submission.withQueue(queue)).toString())
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = workers.stream()
                    .map(worker -> CompletableFuture.supplyAsync(() -> claimed(worker, 2, 30), threads)).toList();
            sql.sql("update queue set paused = false where name = :name").param("name", queue).update();

            assertThat(claims.stream().flatMap(claim -> claim.join().stream()).map(run -> run.id()))
                    .containsExactlyInAnyOrderElementsOf(ids.subList(0, 40));
        }
    }

    @Test
    void aWorkerClaimsFromItsQueuesOnly() throws Exception {
        var worker = register(Map.of("queues", List.of("nights")));
        submit();
        var id = submit(submission -> submission.withQueue("nights"));

        assertThat(claim(worker, 5, 5)).singleElement().satisfies(run -> assertThat(run.id()).isEqualTo(id.toString()));
    }

    @Test
    void aPausedOrLimitedQueueHoldsForRemoteWorkersToo() throws Exception {
        var queue = "q-" + type;
        var worker = register(Map.of());
        sql.sql("insert into queue (name, paused) values (:name, true)").param("name", queue).update();
        IntStream.range(0, 3).forEach(_ -> submit(submission -> submission.withQueue(queue)));

        assertThat(claim(worker, 5, 0)).as("paused").isEmpty();
        sql.sql("update queue set paused = false, max_running = 2 where name = :name").param("name", queue).update();

        var running = claim(worker, 5, 10);
        assertThat(running).as("limited to 2").hasSize(2);
        assertThat(claim(worker, 5, 0)).isEmpty();
        running.getFirst().say("complete", Map.of());
        assertThat(claim(worker, 5, 10)).as("the place of the first").hasSize(1);
    }

    @Test
    void anOperationInsertedByPsqlReachesTheWorker() throws Exception {
        var worker = register(Map.of());

        JdbcClient.create(new DriverManagerDataSource(superuserUrl))
                .sql("insert into operation (type, input) values (:type, '{\"n\": 1}')").param("type", type).update();

        assertThat(claim(worker, 1, 10)).singleElement()
                .satisfies(run -> assertThat(run.claim().at("/input/n").asInt()).isEqualTo(1));
    }

    @Test
    void anOperationSubmittedBeforeItsTypeWasRegisteredIsFound() throws Exception {
        var later = "later_" + type;
        JdbcClient.create(new DriverManagerDataSource(superuserUrl))
                .sql("insert into operation (type, run_at) values (:type, now() + interval '1 day')")
                        .param("type", later).update();

        var worker = register(Map.of("types", List.of(Map.of("type", later))));
        sql.sql("update operation set run_at = now() where type = :type").param("type", later).update();

        assertThat(claim(worker, 1, 10)).hasSize(1);
    }

    @Test
    void aRegisteredTypeIsKnownToEveryInterfaceAtOnceAndItsInputIsChecked() throws Exception {
        register(Map.of("types", List.of(Map.of("type", type, "description", "Makes small pictures of large ones.",
                "input_schema", Map.of("type", "object",
                "required", List.of("folder"), "properties", Map.of("folder", Map.of("type", "string"), "width",
                Map.of("type", "integer", "minimum", 1)))))));
        var tools = new ReferenceClient(http.service());

        assertThat(tools.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}").body())
                .contains(type + " (Makes small pictures of large ones.)");
        assertThat(tools.call("start_long_task", "{\"task_type\": \"" + type
                + "\", \"input\": {\"folder\": \"a\", \"width\": 0}}").toString())
                .contains("error").contains("width").contains("not 0");
        assertThat(tools.call("start_long_task", "{\"task_type\": \"" + type
                + "\", \"input\": {\"folder\": \"a\", \"width\": 5}}").path("status").asString()).isEqualTo("success");
        assertThat(http.post("/api/v1/operations", Map.of("type", type, "input", Map.of())).code())
                .isEqualTo("input-invalid");
        assertThat(http.post("/api/v1/operations", Map.of("type", type, "input", Map.of("folder", "b"))).status())
                .isEqualTo(202);
    }
}
