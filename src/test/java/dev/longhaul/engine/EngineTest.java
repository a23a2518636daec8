package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;

/// Tasks that fail, report, store steps and sleep, and the end of their operations.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class EngineTest extends ScriptedTaskTest {

    @Test
    void aFailingTaskIsRetriedWithBackoffUntilItSucceeds() {
        var id = submit("fail twice");

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.attempt()).isEqualTo(3);
        assertThat(operation.error()).isNull();
        assertThat(history(id)).containsExactly("pending", "running", "pending failure 1", "running",
                "pending failure 2", "running", "completed");
    }

    @Test
    void aTaskThatNeverSucceedsFailsWithItsLastError() {
        var id = store.submit(trick("fail").with(limits -> limits.withMaxAttempts(3)), ANN).operation().id();

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.failures()).isEqualTo(3);
        assertThat(operation.error().message()).isEqualTo("failure 3");
        assertThat(operation.error().type()).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void anOperationStaysOnTheBranchOfTheCodeThatPassedThere() {
        var operation = awaitEnd(submit("a deploy between two steps"));

        assertThat(operation.output().path("branches").asString()).isEqualTo("false false true");
    }

    @Test
    void aStepWhoseStoredShapeNoLongerFitsFailsInASentence() {
        var operation = awaitEnd(submit("a step of another shape"));

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.error().message()).contains("the stored result of step parse does not fit")
                .contains("'city'").contains("TaskContext.version");
        assertThat(operation.attempt()).isEqualTo(2);
    }

    @Test
    void aFailedOperationCanBeRunAgain() {
        var id = store.submit(trick("fail").with(limits -> limits.withMaxAttempts(1)), ANN).operation().id();
        awaitEnd(id);

        assertThat(store.runAgain(id, "try once more", ANN)).isPresent();

        await().until(() -> find(id).attempt() == 2 && find(id).isOver());
        assertThat(history(id)).containsExactly("pending", "running", "failed failure 1", "pending try once more",
                "running", "failed failure 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fail for good      | no retry mends this
            overflow the stack | StackOverflowError
            run out of memory  | of its own making
            throw an error     | an error
            return 50 MB       | the task's output must be at most 1048576 bytes of JSON, not 50000002
            report NaN         | progress must be between 0 and 100, not NaN
            """)
    void whateverATaskThrowsOrReturnsIsReadableInItsOperation(String trick, String message) {
        var operation = awaitEnd(store.submit(trick(trick).with(limits -> limits.withMaxAttempts(1)), ANN)
                .operation().id());

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.error().message()).isEqualTo(message);
    }

    @Test
    void anOutputThatIsNoJsonFailsTheOperationAndNotTheNode() {
        var operation = awaitEnd(store.submit(trick("return nonsense").with(limits -> limits.withMaxAttempts(1)), ANN)
                .operation().id());

        assertThat(operation.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void textThatPostgresCannotKeepIsReplacedInAnErrorAndRefusedInAnOutput() {
        var failed = awaitEnd(store.submit(trick("say a NUL").with(limits -> limits.withMaxAttempts(1)), ANN)
                .operation().id());
        var refused = awaitEnd(submit("return a NUL"));

        assertThat(failed.error().message()).isEqualTo("a \uFFFD and a lone \uFFFD in the message (characters that "
                + "cannot be stored were replaced by U+FFFD)");
        assertThat(refused.error().type()).isEqualTo("output_unstorable");
        assertThat(refused.error().message()).contains("the output must not contain U+0000");
    }

    @Test
    void aMillionReportsCostFewWrites() {
        var operation = awaitEnd(submit("report a million times"));

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.progress().message()).isEqualTo("report 1000000");
        assertThat(operation.version()).isLessThan(5_000);
        assertThat(history(operation.id())).hasSizeLessThan(20);
    }

    @Test
    void progressDoesNotFallWithinAnAttempt() {
        var id = submit("report backwards");

        awaitEnd(id);

        assertThat(sql.sql("select bool_and(progress >= before) from (select progress, lag(progress, 1, 0.0) over "
                + "(order by seq) as before "
                + "from operation_history where operation_id = :id) as h").param("id", id.value()).query(Boolean.class)
                .single()).isTrue();
    }

    @Test
    void finishedStepsDoNotRunAgainInTheNextAttempt() {
        var key = UUID.randomUUID().toString();

        var operation = awaitEnd(submit("three steps", key));

        assertThat(operation.attempt()).isEqualTo(2);
        assertThat(operation.output().get("first_step").asString()).isEqualTo("result 1 of call 1");
        assertThat(ScriptedTask.calls(key + " result 3 of call 1").get()).as("both attempts got the first one's result")
                .isEqualTo(2);
    }

    @Test
    void tenThousandQuickStepsCostFewWritesAndDoNotRunAgain() {
        var key = UUID.randomUUID().toString();

        var operation = awaitEnd(submit("ten thousand quick steps", key));

        assertThat(operation.attempt()).isEqualTo(2);
        assertThat(ScriptedTask.calls("steps " + key).get()).isEqualTo(10_000);
        assertThat(ScriptedTask.calls("sum " + key).get()).as("the second attempt has the results of the first")
                .isEqualTo(10_000);
        assertThat(operation.output().get("steps_before_the_transaction").asInt()).as("committed in their order")
                .isEqualTo(10_000);
        assertThat(sql.sql("select count(distinct finished_at) from operation_step where operation_id = :id")
                .param("id", operation.id().value()).query(Integer.class).single())
                .as("writes").isLessThan(2_000);
    }

    @Test
    void anExceptionOfATransactionReachesTheEngineUnchanged() {
        var operation = awaitEnd(submit("fail for good in a transaction"));

        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(operation.error().message()).isEqualTo("no retry mends this");
    }

    @Test
    void aTransactionIsACheckpointAndResetsTheWorkerLosses() {
        var key = UUID.randomUUID().toString();
        var id = sql.sql("insert into operation (type, input, worker_losses) values ('tricks', jsonb_build_object('trick', "
                + "'transaction, then wait at the gate', 'key', :key::text), 4) returning id")
                .param("key", key).query(UUID.class).single();

        await().until(() -> sql.sql("select status = 'running' and worker_losses = 0 from operation where id = :id")
                .param("id", id).query(Boolean.class).single());
        ScriptedTask.gate(key).countDown();
    }

    @Test
    void aLongSleepHoldsNoThreadAndContinuesTheSameAttempt() {
        var key = UUID.randomUUID().toString();
        var id = submit("sleep long", key);

        await().until(() -> find(id).status() == Status.WAITING);
        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(ScriptedTask.calls("before " + key).get()).isEqualTo(1);
        assertThat(operation.elapsed()).isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void anOperationInsertedByPsqlIsRun() {
        psql("insert into operation (type, input) values ('simulation', '{\"duration_seconds\": 0, \"steps\": 2}')");

        var id = new OperationId(sql.sql("select id from operation where source = 'sql' or type = 'simulation' "
                + "order by id desc limit 1").query(UUID.class).single());

        assertThat(awaitEnd(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(sql.sql("select changed_by from operation_history where operation_id = :id and seq = 1")
                .param("id", id.value())
                .query(String.class).single())
                .isEqualTo(asSuperuser("select current_user"));
    }

    @Test
    void anInputThatDoesNotFitFailsWithoutARetry() {
        psql("insert into operation (type, input) values ('simulation', '{\"duration_seconds\": 1, \"steps\": 0}')");

        var id = new OperationId(sql.sql("select id from operation where input ->> 'steps' = '0'").query(UUID.class)
                .single());

        var operation = awaitEnd(id);
        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(operation.error().message()).contains("steps").contains("not 0");
    }

    @Test
    void aLockedRowDoesNotStopTheOtherOperations() throws Exception {
        var key = UUID.randomUUID().toString();
        var locked = submit("wait at the gate", key);
        await().until(() -> find(locked).status() == Status.RUNNING);
        try (var connection = new DriverManagerDataSource(superuserUrl).getConnection(); var statement =
                connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select 1 from operation where id = '" + locked + "' for update");
            ScriptedTask.gate(key).countDown();   // its end cannot be written now

            var others = List.of(submit("fail twice"), submit("fail twice"));
            others.forEach(other -> assertThat(awaitEnd(other).status()).isEqualTo(Status.COMPLETED));

            assertThat(find(locked).status()).isEqualTo(Status.RUNNING);
            connection.rollback();
        }
        assertThat(awaitEnd(locked).status()).isEqualTo(Status.COMPLETED);
        assertThat(history(locked)).containsExactly("pending", "running", "completed");
    }

    @Test
    void theSameIdempotencyKeyGivesTheSameOperation() {
        var once = trick("fail twice").withIdempotencyKey("key-" + UUID.randomUUID());

        var first = store.submit(once, ANN);
        var second = store.submit(once, ANN);

        assertThat(second.replayed()).isTrue();
        assertThat(second.operation().id()).isEqualTo(first.operation().id());
        var other = trick("fail").withIdempotencyKey(once.idempotencyKey());
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> store.submit(other, ANN))
                .hasMessageContaining("was used for another request");
    }

    @Test
    void aBatchIsSubmittedAsAWholeOrNotAtAll() {
        var ids = store.submitAll(java.util.stream.IntStream.range(0, 1_000).mapToObj(n ->
                Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0).put("steps", 1 + n % 3)))
                        .toList(), ANN);

        assertThat(ids).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(find(ids.get(4)).input().get("steps").asInt()).as("in the order they were given").isEqualTo(2);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                sql.sql("select count(*) from operation where status <> 'completed' and id = any(:ids::uuid[])")
                .param("ids", ids.stream().map(OperationId::toString).toArray(String[]::new)).query(Integer.class)
                        .single() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\N", "\\.", "a\tb", "a\nb\r\nc", "\\", "\\\\t", "\"quoted\"", "{}", "NULL", "'",
            "\u007f\u2028\uD83D\uDE9A"})
    void whatIsSubmittedTogetherIsKeptToTheLetter(String hostile) {
        var labels = new Labels(List.of(hostile, "plain"), json.createObjectNode().put(hostile, hostile));
        var submission = Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0)
                .put("note", hostile)).withQueue("rests").withLabels(labels)
                .withRunAt(Instant.now().plusSeconds(3_600));

        var ids = store.submitAll(List.of(submission, submission), new Caller(hostile, "engine test"));

        assertThat(ids).hasSize(2).allSatisfy(id -> {
            var operation = find(id);
            assertThat(operation.input()).isEqualTo(submission.input());
            assertThat(operation.labels()).isEqualTo(labels);
            assertThat(sql.sql("select changed_by from operation_history where operation_id = :id")
                    .param("id", id.value()).query(String.class).single()).isEqualTo(hostile);
        });
    }
}
