package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// Queues that are paused or limited, by SQL.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class QueueTest extends ScriptedTaskTest {

    private final String queue = "queue-" + UUID.randomUUID();

    @Test
    void aPausedQueueGivesNoClaimsAndAnotherQueueDoes() {
        psql("insert into queue (name, paused, reason) values ('" + queue + "', true, 'the mail server is down')");
        var waiting = submitTo(queue, "pause a moment");
        var other = submitTo("other-" + queue, "pause a moment");

        assertThat(awaitEnd(other).status()).isEqualTo(Status.COMPLETED);
        await().during(Duration.ofMillis(800)).until(() -> find(waiting).status() == Status.PENDING);

        psql("update queue set paused = false, reason = 'it is up again' where name = '" + queue + "'");
        assertThat(awaitEnd(waiting).status()).isEqualTo(Status.COMPLETED);
        assertThat(sql.sql("select concat_ws(' ', paused, reason) from queue_history where name = :queue order by at")
                .param("queue", queue).query(String.class).list())
                .containsExactly("t the mail server is down", "f it is up again");
    }

    @Test
    void aPauseEndsByItself() {
        psql("insert into queue (name, paused, resume_at) values ('" + queue + "', true, now() + interval '1 second')");
        var id = submitTo(queue, "pause a moment");

        var ended = awaitEnd(id);

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(Duration.between(ended.createdAt(), ended.startedAt())).isGreaterThan(Duration.ofMillis(800));
    }

    @Test
    void aLimitedQueueRunsUpToItsLimitAndAllOperationsRun() {
        psql("insert into queue (name, max_running) values ('" + queue + "', 2)");
        var ids = IntStream.range(0, 12).mapToObj(_ -> submitTo(queue, "pause a moment")).toList();

        var most = 0;
        while (!ids.stream().allMatch(id -> find(id).isOver())) {
            most = Math.max(most, sql.sql("select count(*) from operation where queue = :queue and status = 'running'")
                    .param("queue", queue)
                    .query(Integer.class).single());
        }

        assertThat(most).isBetween(1, 2);
        assertThat(ids).allMatch(id -> find(id).status() == Status.COMPLETED);
    }

    @Test
    void aRaisedLimitTakesEffect() {
        psql("insert into queue (name, max_running) values ('" + queue + "', 1)");
        var ids = IntStream.range(0, 3).mapToObj(_ -> submitTo(queue, "work until told")).toList();
        await().until(() -> running(ids) == 1);
        await().during(Duration.ofMillis(700)).until(() -> running(ids) == 1);

        psql("update queue set max_running = null where name = '" + queue + "'");

        await().until(() -> running(ids) == 3);
        ids.forEach(id -> store.cancel(id, "seen enough", ANN));
        ids.forEach(this::awaitEnd);
    }

    @Test
    void theHistoryOfQueuesIsAppendOnly() {
        psql("insert into queue (name, max_running) values ('" + queue + "', 1)");

        for (var statement : List.of("update queue_history set reason = 'x'", "delete from queue_history",
                "insert into queue_history (namespace, name, at, paused, changed_by, source) "
                        + "values ('default', 'x', now(), false, 'x', 'x')")) {
            assertThat(catchThrowable(() -> psql(statement))).as(statement).rootCause().hasMessageContaining("refused");
        }
    }

    private long running(List<OperationId> ids) {
        return ids.stream().filter(id -> find(id).status() == Status.RUNNING).count();
    }

    private OperationId submitTo(String queue, String trick) {
        var input = json.createObjectNode().put("trick", trick).put("key", UUID.randomUUID().toString());
        return store.submit(Submission.of("tricks", input).withQueue(queue), ANN).operation().id();
    }
}
