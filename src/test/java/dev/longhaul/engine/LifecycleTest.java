package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// Backoff, pause, time limits and reruns.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class LifecycleTest extends ScriptedTaskTest {

    private final String key = UUID.randomUUID().toString();

    @Test
    void anOperationHasItsOwnPausesBetweenAttempts() {
        var id = store.submit(trick("fail").with(limits -> limits.withMaxAttempts(3)
                .withRetry(new RetryPolicy.Listed(List.of(Duration.ofMillis(200), Duration.ofMillis(600))))), ANN)
                        .operation().id();

        awaitEnd(id);

        assertThat(sql.sql("""
                select at - lag(at) over (order by seq) >= case attempt when 2 then interval '200 ms'
                    else interval '600 ms' end
                from operation_history where operation_id = :id and event <> 'progress'
                    and (to_status = 'running' or from_status = 'running') order by seq
                """).param("id", id.value()).query((row, _) -> row.getObject(1)).list()).containsSubsequence(true, true);
    }

    @Test
    void aFailureCanSetThePauseBeforeTheNextAttempt() {
        var ended = awaitEnd(submit("retry later"));

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(Duration.between(ended.startedAt(), ended.attemptStartedAt()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aFailedOperationKeepsTheChainOfItsError() {
        var ended = awaitEnd(store.submit(trick("fail of a chain").with(limits -> limits.withMaxAttempts(1)), ANN)
                .operation().id());

        assertThat(ended.error().causes()).extracting(cause -> cause.type() + ": " + cause.message())
                .containsExactly("java.io.UncheckedIOException: the file is gone", "java.io.IOException: disk 7");
    }

    @Test
    void aRunningOperationPausesAtItsNextCheckpointAndContinuesThere() {
        var id = submit("steps at the gate", key);
        await().until(() -> ScriptedTask.calls("steps " + key).get() == 1);

        assertThat(store.pause(id, "the disk is full", ANN).orElseThrow().status()).isEqualTo(Status.RUNNING);
        ScriptedTask.gate(key + "-1").countDown();
        await().until(() -> find(id).status() == Status.PENDING);
        await().during(Duration.ofMillis(500)).until(() -> find(id).status() == Status.PENDING && find(id).paused());
        store.resume(id, "there is room again", ANN);
        ScriptedTask.gate(key + "-2").countDown();
        ScriptedTask.gate(key + "-3").countDown();

        var ended = awaitEnd(id);
        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(ScriptedTask.calls("steps " + key).get()).as("no step twice").isEqualTo(3);
        assertThat(history(id)).containsExactly("pending", "running", "running the disk is full",
                "pending paused at a checkpoint", "pending there is room again",
                "running", "completed");
        assertThat(sql.sql("select event from operation_history where operation_id = :id and event <> 'progress' "
                + "order by seq").param("id", id.value()).query(String.class).list())
                .containsExactly("submitted", "status", "paused", "status", "resumed", "status", "status");
    }

    @Test
    void aPauseThatEndsBeforeTheCheckpointIsNotNoticed() {
        var id = submit("steps at the gate", key);
        await().until(() -> ScriptedTask.calls("steps " + key).get() == 1);

        store.pause(id, null, ANN);
        store.resume(id, null, ANN);
        await().during(Duration.ofMillis(300)).until(() -> find(id).status() == Status.RUNNING);
        List.of("-1", "-2", "-3").forEach(step -> ScriptedTask.gate(key + step).countDown());

        awaitEnd(id);
        assertThat(sql.sql("select count(*) from operation_history where operation_id = :id and to_status = "
                + "'running' and event = 'status'").param("id", id.value()).query(Integer.class).single()).isEqualTo(1);
    }

    @Test
    void aPausedOperationDoesNotStartAndOneThatSleepsDoesNotWake() {
        var pending = store.submit(trick("pause a moment").withRunAt(Instant.now().plusMillis(700)), ANN)
                .operation().id();
        store.pause(pending, null, ANN);
        var sleeping = submit("sleep long", key);
        await().until(() -> find(sleeping).waitsFor() == WaitReason.TIME);
        psql("update operation set paused = true where id = '" + sleeping + "'");

        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(7))
                .until(() -> find(pending).status() == Status.PENDING && find(sleeping).status() == Status.WAITING);
        store.resume(pending, null, ANN);
        psql("update operation set paused = false where id = '" + sleeping + "'");

        assertThat(awaitEnd(pending).status()).isEqualTo(Status.COMPLETED);
        assertThat(awaitEnd(sleeping).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void aPausedOperationCanBeCancelled() {
        var id = store.submit(trick("pause a moment").withRunAt(Instant.now().plusSeconds(60)), ANN).operation().id();
        store.pause(id, null, ANN);

        var cancelled = store.cancel(id, null, ANN).orElseThrow();

        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(cancelled.paused()).isFalse();
    }

    @Test
    void anOperationThatDidNotStartInTimeFails() {
        psql("insert into queue (name, paused) values ('late-" + key + "', true)");
        var ended = awaitEnd(store.submit(trick("pause a moment").withQueue("late-" + key)
                .with(limits -> limits.withStartBy(Instant.now().plusMillis(600))), ANN).operation().id());

        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(ended.error().type()).isEqualTo("start_by");
        assertThat(ended.startedAt()).isNull();
        assertThat(history(ended.id())).containsExactly("pending", "failed it did not start in time");
    }

    @Test
    void aDeadlineEndsARunningOperation() {
        var ended = awaitEnd(inAMoment("work until told"));

        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(ended.error().type()).isEqualTo("deadline");
        assertThat(ended.attempt()).isEqualTo(1);
    }

    @Test
    void aDeadlineEndsASleepingOperation() {
        var ended = awaitEnd(inAMoment("sleep long"));

        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(ended.error().type()).isEqualTo("deadline");
        assertThat(history(ended.id())).last().isEqualTo("failed its deadline passed");
    }

    @Test
    void noAttemptStartsAfterTheDeadline() {
        var id = store.submit(trick("fail").with(limits -> limits.withDeadline(Instant.now().plusSeconds(30))
                .withRetry(new RetryPolicy.Fixed(Duration.ofMinutes(5)))), ANN)
                .operation().id();

        assertThat(awaitEnd(id).error().message()).isEqualTo("failure 1");
    }

    @Test
    void aTaskWithoutASignOfLifeFailsItsAttempt() {
        var id = store.submit(trick("fall silent").with(limits -> limits.withHeartbeatTimeout(Duration.ofMillis(400))
                .withMaxAttempts(1)), ANN).operation().id();

        var ended = awaitEnd(id);

        assertThat(ended.error().type()).isEqualTo("heartbeat_timeout");
        assertThat(ended.error().message()).isEqualTo("no heartbeat for PT0.4S");
    }

    @Test
    void aPauseOfATaskIsNoMissingSignOfLife() {
        var id = store.submit(trick("pause long and live")
                .with(limits -> limits.withHeartbeatTimeout(Duration.ofMillis(400))), ANN).operation().id();

        assertThat(awaitEnd(id).failures()).isZero();
    }

    @Test
    void aRerunIsANewOperationWithALink() {
        var first = awaitEnd(submit("pause a moment"));

        var second = store.rerun(first.id(), "once more", ANN).orElseThrow();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.rerunOf()).isEqualTo(first.id());
        assertThat(second.input()).isEqualTo(first.input());
        assertThat(awaitEnd(second.id()).status()).isEqualTo(Status.COMPLETED);
        assertThat(history(second.id())).first().isEqualTo("pending once more");
        assertThat(store.rerun(OperationId.parse("01900000-0000-7000-8000-000000000000"), null, ANN)).isEmpty();
    }

    @Test
    void aStartCanBeRescheduled() {
        var id = store.submit(trick("pause a moment").withRunAt(Instant.now().plusSeconds(3_600)), ANN)
                .operation().id();

        assertThat(store.reschedule(id, Instant.now(), "at once", ANN)).isPresent();

        assertThat(awaitEnd(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(store.reschedule(id, Instant.now(), "too late", ANN)).isEmpty();
        assertThat(history(id)).containsExactly("pending", "pending at once", "running", "completed");
    }

    private OperationId inAMoment(String trick) {
        return store.submit(trick(trick).with(limits -> limits.withDeadline(Instant.now().plusMillis(800))), ANN)
                .operation().id();
    }
}
