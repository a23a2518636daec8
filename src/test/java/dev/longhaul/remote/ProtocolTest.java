package dev.longhaul.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.remote.Http.Run;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// The worker protocol, word by word: who may claim what, whose word counts, and what is refused.
@LonghaulTest
class ProtocolTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private final String type = "t" + UUID.randomUUID().toString().replace("-", "");
    private Http http;

    @BeforeEach
    void connect(@Value("${local.server.port}") int port) {
        http = new Http(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void nobodyClaimsATypeThatItDidNotRegister() throws Exception {
        var worker = register(Map.of());
        var other = register(Map.of("types", List.of(Map.of("type", type + "_other"))));
        var id = submit();

        assertThat(claim(other, 5, 0)).isEmpty();
        assertThat(find(id).status()).as("no node claimed it, though nodes rehearse what they do not know").isEqualTo(Status.PENDING);

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
    void aClaimTakesNoMoreThanAskedForAndTheMostUrgentFirst() throws Exception {
        var worker = register(Map.of());
        submit(submission -> submission.withPriority(1));
        var urgent = submit(submission -> submission.withPriority(9));
        submit();

        assertThat(claim(worker, 2, 5)).hasSize(2).first().satisfies(run -> assertThat(run.id()).isEqualTo(urgent.toString()));
        assertThat(claim(worker, 2, 5)).hasSize(1);
        assertThat(claim(worker, 2, 0)).isEmpty();
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
    void whatIsTypedInPsqlReachesTheWorkerToo() throws Exception {
        var worker = register(Map.of());

        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql("insert into operation (type, input) values (:type, '{\"n\": 1}')").param("type", type).update();

        assertThat(claim(worker, 1, 10)).singleElement().satisfies(run -> assertThat(run.claim().at("/input/n").asInt()).isEqualTo(1));
    }

    @Test
    void whatWasSubmittedBeforeItsTypeWasKnownIsFoundAtRegistration() throws Exception {
        var later = "later_" + type;
        JdbcClient.create(new DriverManagerDataSource(superuserUrl))
                .sql("insert into operation (type, run_at) values (:type, now() + interval '1 day')").param("type", later).update();

        var worker = register(Map.of("types", List.of(Map.of("type", later))));
        sql.sql("update operation set run_at = now() where type = :type").param("type", later).update();

        assertThat(claim(worker, 1, 10)).hasSize(1);
    }

    @Test
    void aRegisteredTypeIsKnownToEveryDoorAtOnceAndItsInputIsChecked() throws Exception {
        register(Map.of("types", List.of(Map.of("type", type, "description", "Makes small pictures of large ones.", "input_schema", Map.of("type", "object",
                "required", List.of("folder"), "properties", Map.of("folder", Map.of("type", "string"), "width", Map.of("type", "integer", "minimum", 1)))))));
        var tools = new ReferenceClient(http.service());

        assertThat(http.post("/mcp", Map.of("jsonrpc", "2.0", "id", 1, "method", "tools/list")).body().toString()).contains(type + " (Makes small pictures of large ones.)");
        assertThat(tools.call("start_long_task", "{\"task_type\": \"" + type + "\", \"input\": {\"folder\": \"a\", \"width\": 0}}").toString())
                .contains("error").contains("width").contains("not 0");
        assertThat(tools.call("start_long_task", "{\"task_type\": \"" + type + "\", \"input\": {\"folder\": \"a\", \"width\": 5}}").path("status").asString()).isEqualTo("success");
        assertThat(http.post("/api/v1/operations", Map.of("type", type, "input", Map.of())).code()).isEqualTo("input-invalid");
        assertThat(http.post("/api/v1/operations", Map.of("type", type, "input", Map.of("folder", "b"))).status()).isEqualTo(202);
    }

    @Test
    void aSilentWorkerIsLostAndAnotherGoesOnFromItsLastStep() throws Exception {
        var silent = register(Map.of("name", "silent", "lease_seconds", 2));
        submit();
        var lost = claim(silent, 1, 5).getFirst();
        assertThat(lost.say("step", Map.of("name", "page-1", "result", Map.of("rows", 7))).status()).isEqualTo(200);

        var other = register(Map.of("name", "other"));
        var found = claim(other, 1, 30).getFirst();

        assertThat(found.id()).isEqualTo(lost.id());
        assertThat(found.claim().path("attempt").asInt()).isEqualTo(2);
        assertThat(found.claim().path("steps")).hasToString("{\"page-1\":{\"rows\":7}}");
        for (var verb : Map.<String, Map<String, ?>>of("report", Map.of("progress", 50), "step", Map.of("name", "page-2"), "complete", Map.of("output", 1),
                "fail", Map.of("message", "x"), "release", Map.of(), "sleep", Map.of("name", "nap", "seconds", 1)).entrySet()) {
            assertThat(lost.say(verb.getKey(), verb.getValue()).code()).as("late " + verb.getKey()).isEqualTo("run-lost");
        }
        assertThat(http.post("/api/v1/workers/" + silent + ":claim", Map.of()).code()).isEqualTo("worker-lost");
        assertThat(found.say("complete", Map.of("output", "mine")).status()).isEqualTo(204);
        assertThat(find(OperationId.parse(found.id())).output()).hasToString("\"mine\"");
        assertThat(history(found.id())).containsExactly("pending", "running by silent", "pending its worker was lost", "running by other", "completed by other");
    }

    @Test
    void everyWordRenewsTheLease() throws Exception {
        var worker = register(Map.of("lease_seconds", 2));
        submit();
        var run = claim(worker, 1, 5).getFirst();

        for (var n = 0; n < 30; n++) {
            assertThat(run.say("report", Map.of("current", n, "total", 30)).status()).isEqualTo(200);
            Thread.sleep(120);   // the work itself: 3.6 s of it, nearly twice the lease
        }

        assertThat(run.say("complete", Map.of()).status()).isEqualTo(204);
        assertThat(find(OperationId.parse(run.id())).attempt()).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsTheOnlyOneOfItsNameTakesOverAtOnceWhenItStartsAgain() throws Exception {
        var name = "only-" + type;
        var first = register(Map.of("name", name, "only", true, "lease_seconds", 3_600));
        submit();
        var before = claim(first, 1, 5).getFirst();

        var second = register(Map.of("name", name, "only", true));
        var after = claim(second, 1, 10).getFirst();

        assertThat(after.id()).isEqualTo(before.id());
        assertThat(before.say("complete", Map.of()).code()).isEqualTo("run-lost");
    }

    @Test
    void anEndThatIsSentTwiceIsTakenOnce() throws Exception {
        var worker = register(Map.of());
        submit();
        var run = claim(worker, 1, 5).getFirst();

        assertThat(run.say("complete", Map.of("output", 1)).status()).isEqualTo(204);
        assertThat(run.say("complete", Map.of("output", 1)).status()).as("the same once more").isEqualTo(204);
        assertThat(run.say("fail", Map.of("message", "no")).code()).as("something else").isEqualTo("run-lost");
        assertThat(find(OperationId.parse(run.id())).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void oneTurnTellsOfManyRunsAndClaimsTheNext() throws Exception {
        var worker = register(Map.of());
        IntStream.range(0, 6).forEach(_ -> submit());
        var runs = claim(worker, 3, 5);

        var turn = http.post("/api/v1/workers/" + worker + ":turn", Map.of("claim", Map.of("max", 10), "runs", List.of(
                Map.of("operation_id", runs.get(0).id(), "run_id", runs.get(0).runId(), "progress", 30, "message", "a third"),
                Map.of("operation_id", runs.get(1).id(), "run_id", runs.get(1).runId(), "steps", List.of(Map.of("name", "all", "result", 1)), "complete", Map.of("output", 2)),
                Map.of("operation_id", runs.get(2).id(), "run_id", UUID.randomUUID(), "fail", Map.of("message", "not mine", "retryable", false)))));

        assertThat(turn.status()).as(turn.body().toString()).isEqualTo(200);
        assertThat(turn.body().path("runs").valueStream().map(run -> run.path("accepted").asBoolean()).toList()).containsExactly(true, true, false);
        assertThat(turn.body().path("claims")).hasSize(3);
        assertThat(find(OperationId.parse(runs.get(0).id())).progress().percent()).isEqualTo(30);
        assertThat(find(OperationId.parse(runs.get(1).id())).output()).hasToString("2");
        assertThat(sql.sql("select count(*) from operation_step where operation_id = :id::uuid").param("id", runs.get(1).id()).query(Integer.class).single()).isEqualTo(1);
        assertThat(find(OperationId.parse(runs.get(2).id())).status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void aHeartbeatTellsOfACancelAtOnceAndOfRunsThatAreOver() throws Exception {
        var worker = register(Map.of());
        var id = submit();
        var run = claim(worker, 1, 5).getFirst();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var beating = threads.submit(() -> http.post("/api/v1/workers/" + worker + ":heartbeat", Map.of("wait_seconds", 14, "runs", List.of(run.runId()))));

            store.cancel(id, null, ANN);

            assertThat(beating.get().body().path("orders")).hasToString("[{\"operation_id\":\"" + id + "\",\"order\":\"cancel\"}]");
        }
        assertThat(run.say("report", Map.of("progress", 10)).body().path("order").asString()).isEqualTo("cancel");
        run.say("release", Map.of());
        assertThat(find(id).status()).isEqualTo(Status.CANCELLED);
        var gone = http.post("/api/v1/workers/" + worker + ":heartbeat", Map.of("runs", List.of(run.runId())));
        assertThat(gone.body().path("lost")).hasToString("[\"" + run.runId() + "\"]");
    }

    @Test
    void aWorkerThatLeavesFreesWhatItHolds() throws Exception {
        var leaving = register(Map.of());
        submit();
        var run = claim(leaving, 1, 5).getFirst();

        assertThat(http.send("DELETE", "/api/v1/workers/" + leaving, null).status()).isEqualTo(204);

        assertThat(claim(register(Map.of()), 1, 10)).singleElement().satisfies(next -> assertThat(next.id()).isEqualTo(run.id()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workers                     | {"name": "x"}                                                                     | input-invalid
            workers                     | {"name": "x", "types": []}                                                        | input-invalid
            workers                     | {"name": "x", "types": [{"type": "No Name"}]}                                     | input-invalid
            workers                     | {"name": "x", "types": [{"type": "a"}, {"type": "a"}]}                            | invalid-request
            workers                     | {"name": "x", "types": [{"type": "csv_import"}]}                                  | state-conflict
            workers                     | {"name": "x", "types": [{"type": "a"}], "lease_seconds": 0.1}                     | input-invalid
            workers                     | {"name": "x", "types": [{"type": "a", "input_schema": {"type": "string"}}]}       | invalid-request
            workers                     | {"name": "x", "types": [{"type": "a", "input_schema": {"type": "object", "$ref": "http://127.0.0.1/x"}}]} | invalid-request
            workers                     | {"name": "x", "types": [{"type": "a", "retry": {"kind": "never"}}]}               | invalid-request
            workers                     | not json                                                                          | malformed-json
            workers/7:claim             | {}                                                                                | invalid-request
            workers/00000000-0000-0000-0000-00000000002a:claim | {}                                                         | worker-lost
            workers/00000000-0000-0000-0000-00000000002a:claim | {"max": 0}                                                 | input-invalid
            operations/%s/run:report    | {}                                                                                | input-invalid
            operations/%s/run:report    | {"run_id": "1-1-1-1-1"}                                                           | input-invalid
            operations/%s/run:report    | {"run_id": "%s", "progress": 101}                                                 | input-invalid
            operations/%s/run:report    | {"run_id": "%s", "progress": 5, "current": 1, "total": 2}                         | invalid-request
            operations/%s/run:report    | {"run_id": "%s", "current": 3, "total": 2}                                        | invalid-request
            operations/%s/run:report    | {"run_id": "%s", "message": 7}                                                    | input-invalid
            operations/%s/run:log       | {"run_id": "%s", "lines": [{"message": "x", "level": "loud"}]}                    | invalid-request
            operations/%s/run:step      | {"run_id": "%s", "name": ""}                                                      | input-invalid
            operations/%s/run:step      | {"run_id": "%s", "name": "a\\u0000b"}                                             | invalid-request
            operations/%s/run:sleep     | {"run_id": "%s", "name": "x", "seconds": -1}                                      | input-invalid
            operations/%s/run:ask       | {"run_id": "%s", "name": "x", "kind": "shout", "action": "?"}                     | invalid-request
            operations/%s/run:submit    | {"run_id": "%s", "name": "x", "children": [{"type": "sql_backfill"}]}             | input-invalid
            operations/%s/run:await     | {"run_id": "%s", "children": ["%s"]}                                              | invalid-request
            operations/%s/run:fail      | {"run_id": "%s"}                                                                  | input-invalid
            operations/%s/run:complete  | {"run_id": "00000000-0000-0000-0000-00000000002a"}                                | run-lost
            operations/00000000-0000-0000-0000-00000000002a/run:complete | {"run_id": "%s"}                                 | no-such-operation
            operations:track            | {}                                                                                | input-invalid
            operations:track            | {"type": "x", "heartbeat_timeout_seconds": 0}                                     | input-invalid
            """)
    void badInputIsRefusedAndChangesNothing(String path, String body, String code) throws Exception {
        var worker = register(Map.of());
        submit();
        var run = claim(worker, 1, 5).getFirst();
        var before = find(OperationId.parse(run.id()));

        var answer = http.send("POST", "/api/v1/" + path.replace("%s", run.id()), body.replace("%s", run.runId()));

        assertThat(answer.code()).as(answer.body().toString()).isEqualTo(code);
        assertThat(answer.body().toString()).doesNotContain("java").doesNotContain("dev.longhaul");
        assertThat(find(before.id()).version()).isEqualTo(before.version());
    }

    private String register(Map<String, Object> with) throws IOException, InterruptedException {
        var registration = new HashMap<String, Object>(Map.of("name", "worker", "types", List.of(Map.of("type", type))));
        registration.putAll(with);
        var registered = http.post("/api/v1/workers", registration);
        assertThat(registered.status()).as(registered.body().toString()).isEqualTo(201);
        return registered.body().path("worker_id").asString();
    }

    private List<Run> claim(String worker, int most, int seconds) throws IOException, InterruptedException {
        var claimed = http.post("/api/v1/workers/" + worker + ":claim", Map.of("max", most, "wait_seconds", seconds));
        assertThat(claimed.status()).as(claimed.body().toString()).isEqualTo(200);
        return claimed.body().path("claims").valueStream().map(claim -> new Run(http, claim)).toList();
    }

    private List<Run> claimed(String worker, int most, int seconds) {
        try {
            return claim(worker, most, seconds);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private OperationId submit() {
        return submit(submission -> submission);
    }

    private OperationId submit(UnaryOperator<Submission> with) {
        return store.submit(with.apply(Submission.of(type, json.createObjectNode())), ANN).operation().id();
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }

    private List<String> history(String id) {
        return sql.sql("""
                select concat_ws(' ', to_status, case when changed_via = 'remote' then 'by ' || changed_by end, reason) from operation_history
                where operation_id = :id::uuid and event <> 'progress' order by seq""").param("id", id).query(String.class).list();
    }
}
