package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// Ways of making an operation stop: a cancel, a timeout, and an UPDATE in psql.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class CancelTest extends ScriptedTaskTest {

    @Test
    void aPendingOperationIsCancelledAtOnce() {
        var id = store.submit(trick("fail").withRunAt(Instant.now().plusSeconds(3600)), ANN).operation().id();

        var cancelled = store.cancel(id, "not needed", ANN).orElseThrow();

        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(history(id)).containsExactly("pending", "cancelled not needed");
    }

    @Test
    void aRunningTaskIsAskedToStop() {
        var id = submit("work until told");
        await().until(() -> find(id).status() == Status.RUNNING);

        var asked = store.cancel(id, "enough", ANN).orElseThrow();
        store.cancel(id, "enough, really", ANN);

        assertThat(asked.status()).isEqualTo(Status.RUNNING);
        assertThat(awaitEnd(id).status()).isEqualTo(Status.CANCELLED);
        assertThat(history(id)).containsExactly("pending", "running", "running enough", "cancelled");
    }

    @Test
    void aTaskThatIgnoresTheInterruptIsAbandonedAndItsOperationEnds() {
        var key = UUID.randomUUID().toString();
        var id = submit("ignore everything", key);
        await().until(() -> find(id).status() == Status.RUNNING);

        store.cancel(id, null, ANN);

        assertThat(awaitEnd(id).status()).isEqualTo(Status.CANCELLED);
        ScriptedTask.gate(key).countDown();
    }

    @Test
    void aTaskThatNeverReturnsFailsByItsTimeoutAndTheNodeContinues() {
        var key = UUID.randomUUID().toString();
        var never = Submission.of("tricks", json.createObjectNode().put("trick", "ignore everything").put("key", key));
        var id = store.submit(never.with(limits -> limits.withTimeout(Duration.ofMillis(200)).withMaxAttempts(1)), ANN)
                .operation().id();

        assertThat(awaitEnd(id).error().type()).isEqualTo("timeout");
        assertThat(awaitEnd(submit("pause a moment")).status()).isEqualTo(Status.COMPLETED);
        ScriptedTask.gate(key).countDown();
    }

    @Test
    void aTaskThatTakesTooLongIsInterruptedAndRetried() {
        var id = store.submit(trick("wait at the gate").with(limits -> limits.withTimeout(Duration.ofMillis(200))
                .withMaxAttempts(2)), ANN).operation().id();

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.attempt()).isEqualTo(2);
        assertThat(operation.error().message()).isEqualTo("the attempt took longer than its timeout of PT0.2S");
    }

    @Test
    void anUpdateTypedInPsqlStopsTheTask() {
        var key = UUID.randomUUID().toString();
        var id = submit("wait at the gate", key);
        await().until(() -> find(id).status() == Status.RUNNING);

        psql("update operation set status = 'cancelled', reason = 'by hand' where id = '" + id + "'");

        assertThat(find(id).status()).isEqualTo(Status.CANCELLED);
        assertThat(history(id)).containsExactly("pending", "running", "cancelled by hand");
        ScriptedTask.gate(key).countDown();
        await().during(Duration.ofMillis(300)).until(() -> find(id).status() == Status.CANCELLED);
    }
}
