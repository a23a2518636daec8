package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.TaskRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// A task does the same in the engine and over HTTP: transitions, attempts, checkpoints, commands, waits and limits.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
@ParameterizedClass
@ValueSource(strings = {"work_here", "work_there"})
class ContractTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Parameter
    String type;
    @Autowired
    OperationStore store;
    @Autowired
    TaskRegistry tasks;
    @Autowired
    InputRequests answers;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;

    private static ContractWorker outside;
    private final String key = UUID.randomUUID().toString();

    @BeforeEach
    void startTheWorker(@Value("${local.server.port}") int port) throws Exception {
        if (outside == null) {
            outside = new ContractWorker(new WorkerHttp(URI.create("http://127.0.0.1:" + port)));
        }
    }

    @AfterAll
    static void stopTheWorker() throws Exception {
        outside.close();
        outside = null;
    }

    @Test
    void itCompletesWithItsOutput() {
        var id = submit("complete");

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.output()).hasToString("{\"call\":1}");
        assertThat(operation.progress().percent()).isEqualTo(100);
        assertThat(history(id)).containsExactly("pending", "running", "completed");
    }

    @Test
    void itIsRetriedUntilItSucceeds() {
        var id = submit("fail twice");

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.attempt()).isEqualTo(3);
        assertThat(history(id)).containsExactly("pending", "running", "pending failure 1", "running",
                "pending failure 2", "running", "completed");
    }

    @Test
    void itFailsWhenItsAttemptsAreUsedUp() {
        var operation = awaitEnd(submit("fail", limits -> limits.with(all -> all.withMaxAttempts(3))));

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.failures()).isEqualTo(3);
        assertThat(operation.error().message()).isEqualTo("failure 3");
        assertThat(operation.error().type()).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aFailureThatIsNotRetryableFailsAtOnce() {
        var operation = awaitEnd(submit("fail for good"));

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(operation.error().message()).isEqualTo("no retry mends this");
    }

    @Test
    void aFailureCanSetThePauseBeforeARetry() {
        var operation = awaitEnd(submit("retry later"));

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(Duration.between(operation.startedAt(), operation.attemptStartedAt()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void finishedStepsAreNotRepeated() {
        awaitEnd(submit("three steps"));

        for (var n = 1; n <= 3; n++) {
            assertThat(ContractScript.calls(key + " result " + n + " of call 1").get())
                    .as("step " + n + " gave the first attempt's result to both").isEqualTo(2);
        }
    }

    @Test
    void progressDoesNotFall() {
        var id = submit("report backwards");

        await().until(() -> sql.sql("select exists (select from operation_step where operation_id = :id)")
                .param("id", id.value()).query(Boolean.class).single());

        assertThat(find(id).progress().percent()).isEqualTo(80);
        assertThat(find(id).progress().message()).isEqualTo("near");
        ContractScript.gate(key).countDown();
        awaitEnd(id);
    }

    @Test
    void itsLogLinesAreKeptWithTheirAttempt() {
        var id = submit("log");
        awaitEnd(id);

        assertThat(sql.sql("select line || ' ' || attempt || ' ' || level || ' ' || message from operation_log where "
                + "operation_id = :id order by line")
                .param("id", id.value()).query(String.class).list()).containsExactly("1 1 info line of call 1",
                        "2 2 info line of call 2");
    }

    @Test
    void itStopsAfterACancel() {
        var id = submit("work until told");
        await().until(() -> find(id).progress().percent() == 10);

        store.cancel(id, "no longer needed", ANN);

        assertThat(awaitEnd(id).status()).isEqualTo(Status.CANCELLED);
        assertThat(history(id)).containsExactly("pending", "running", "running no longer needed", "cancelled");
    }

    @Test
    void itPausesAtACheckpointAndContinuesThere() {
        var id = submit("steps until told");
        await().until(() -> find(id).status() == Status.RUNNING);

        store.pause(id, "later", ANN);
        await().until(() -> find(id).status() == Status.PENDING);
        ContractScript.gate(key).countDown();
        store.resume(id, null, ANN);

        var operation = awaitEnd(id);
        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(ContractScript.calls(key).get()).as("runs").isEqualTo(2);
    }

    @Test
    void itSleepsWithoutAWorkerAndOnlyOnce() {
        var id = submit("sleep");
        await().until(() -> find(id).status() == Status.WAITING);

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(ContractScript.calls("before " + key).get()).isEqualTo(1);
        assertThat(operation.elapsed()).isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(20));
    }

    @Test
    void itRequestsInputAndGetsTheAnswer() {
        var id = submit("ask");
        await().until(() -> find(id).status() == Status.WAITING);

        answers.answer(id, "send", json.createObjectNode().put("approved", true), ANN);

        var operation = awaitEnd(id);
        assertThat(operation.output()).hasToString("{\"approved\":true}");
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(history(id)).containsExactly("pending", "running", "waiting asks: Send to 1,204 customers?",
                "pending answered send", "running", "completed");
    }

    @Test
    void itSubmitsChildrenAndWaitsForThem() {
        var operation = awaitEnd(submit("children"));

        assertThat(operation.output()).hasToString("{\"children\":[\"completed\",\"completed\",\"completed\"]}");
        assertThat(sql.sql("select count(*) from operation where parent_id = :id").param("id", operation.id().value())
                .query(Integer.class).single()).isEqualTo(3);
    }

    @Test
    void anAttemptThatTakesTooLongFails() {
        var operation = awaitEnd(submit("work until told",
                limits -> limits.with(all -> all.withTimeout(Duration.ofMillis(300)).withMaxAttempts(2))));

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.failures()).isEqualTo(2);
        assertThat(operation.error().type()).isEqualTo("timeout");
    }

    @Test
    void anAttemptWithoutASignOfLifeFails() {
        var operation = awaitEnd(submit("say nothing",
                limits -> limits.with(all -> all.withHeartbeatTimeout(Duration.ofMillis(400)).withMaxAttempts(1))));

        assertThat(operation.error().type()).isEqualTo("heartbeat_timeout");
        ContractScript.gate(key).countDown();
    }

    @Test
    void anOperationThatMissesItsDeadlineFails() {
        var deadline = Instant.now().plusSeconds(1);

        var operation = awaitEnd(submit("work until told", limits -> limits.with(all -> all.withDeadline(deadline))));

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.error().type()).isEqualTo("deadline");
    }

    @Test
    void anUpdateAfterAnEndByHandIsVoid() {
        var id = submit("say nothing");
        await().until(() -> find(id).progress().percent() == 10);

        sql.sql("update operation set status = 'cancelled', reason = 'by hand' where id = :id").param("id", id.value())
                .update();
        ContractScript.gate(key).countDown();

        var other = awaitEnd(submit("complete"));
        assertThat(other.status()).isEqualTo(Status.COMPLETED);
        assertThat(find(id).status()).isEqualTo(Status.CANCELLED);
        assertThat(find(id).output()).isNull();
    }

    private OperationId submit(String scenario) {
        return submit(scenario, submission -> submission);
    }

    private OperationId submit(String scenario, UnaryOperator<Submission> with) {
        var submission =
                with.apply(Submission.of(type, json.createObjectNode().put("scenario", scenario).put("key", key)));
        return store.submit(tasks.checked(submission), ANN).operation().id();
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }

    private Operation awaitEnd(OperationId id) {
        await().atMost(Duration.ofSeconds(15)).until(() -> find(id).isOver());
        return find(id);
    }

    private List<String> history(OperationId id) {
        return sql.sql("select concat_ws(' ', to_status, reason) from operation_history where operation_id = :id and "
                + "event <> 'progress' order by seq")
                .param("id", id.value()).query(String.class).list();
    }
}
