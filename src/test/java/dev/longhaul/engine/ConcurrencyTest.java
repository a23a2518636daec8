package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Concurrency.IfActive;
import dev.longhaul.operation.Concurrency.Rate;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore.Submitted;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/// Concurrency keys: limits, rates and unique keys.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class ConcurrencyTest extends ScriptedTaskTest {

    @LocalServerPort
    int port;

    private final String key = "key-" + UUID.randomUUID();

    @Test
    void operationsOfAKeyRunUpToItsLimitByPriorityAndSubmission() {
        var first = submit("work until told", Concurrency.of(key, 1), 0);
        await().until(() -> status(first) == Status.RUNNING);
        var usual = IntStream.range(0, 5).mapToObj(_ -> submit("pause a moment", Concurrency.of(key, 1), 0)).toList();
        var urgent = submit("pause a moment", Concurrency.of(key, 1), 5);
        var other = submit("pause a moment", Concurrency.of(key + "-other", 1), 0);

        assertThat(awaitEnd(other).status()).as("another key waits for nobody").isEqualTo(Status.COMPLETED);
        assertThat(usual).allMatch(id -> status(id) == Status.PENDING);
        store.cancel(first, null, ANN);

        usual.forEach(this::awaitEnd);
        assertThat(mostAtOnce()).isEqualTo(1);
        assertThat(sql.sql("select id from operation where concurrency_key = :key order by started_at").param("key",
                key).query(UUID.class).list())
                .startsWith(first.value(), urgent.value())
                        .endsWith(usual.stream().map(OperationId::value).toArray(UUID[]::new));
    }

    @Test
    void aSlotIsReleasedByAnOperationThatWaitsFailsOrPauses() {
        var sleeping = submit("sleep long", Concurrency.of(key, 1), 0);
        await().until(() -> status(sleeping) == Status.WAITING);
        var failing = submit("fail twice", Concurrency.of(key, 1), 0);
        var paused = store.submit(trick("pause a moment").withConcurrency(Concurrency.of(key, 1)), ANN)
                .operation().id();
        store.pause(paused, null, ANN);

        assertThat(awaitEnd(failing).status()).isEqualTo(Status.COMPLETED);
        store.resume(paused, null, ANN);

        assertThat(awaitEnd(paused).status()).isEqualTo(Status.COMPLETED);
        assertThat(awaitEnd(sleeping).status()).isEqualTo(Status.COMPLETED);
        assertThat(mostAtOnce()).isEqualTo(1);
    }

    @Test
    void anOperationThatIsDueLaterWaitsForASlotOnlyThen() {
        var later = store.submit(trick("pause a moment").withRunAt(Instant.now().plusMillis(700))
                .withConcurrency(Concurrency.of(key, 1)), ANN).operation().id();
        var now = submit("pause a moment", Concurrency.of(key, 1), 0);

        assertThat(awaitEnd(now).status()).isEqualTo(Status.COMPLETED);
        var ended = awaitEnd(later);
        assertThat(Duration.between(ended.createdAt(), ended.startedAt()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(650));
    }

    @Test
    void anOperationThatWaitsTooLongForASlotFails() {
        var first = submit("work until told", Concurrency.of(key, 1), 0);
        await().until(() -> status(first) == Status.RUNNING);

        var late = awaitEnd(store.submit(trick("pause a moment").withConcurrency(Concurrency.of(key, 1))
                .with(limits -> limits.withStartBy(Instant.now().plusMillis(600))), ANN).operation().id());

        assertThat(late.error().type()).isEqualTo("start_by");
        store.cancel(first, null, ANN);
    }

    @Test
    void anOperationThatWaitsForASlotIsCancelledAtOnceAndARaisedLimitStartsMore() {
        var first = submit("work until told", Concurrency.of(key, 1), 0);
        await().until(() -> status(first) == Status.RUNNING);
        var second = submit("work until told", Concurrency.of(key, 1), 0);
        var third = submit("work until told", Concurrency.of(key, 1), 0);

        assertThat(store.cancel(second, null, ANN).orElseThrow().status()).isEqualTo(Status.CANCELLED);
        psql("update operation set concurrency_limit = 2, reason = 'they can bear two' where id = '" + third + "'");

        await().until(() -> status(third) == Status.RUNNING);
        assertThat(sql.sql("select source || ' ' || reason from operation_history where operation_id = :id and "
                + "event = 'edited'").param("id", third.value())
                .query(String.class).single()).isEqualTo("sql they can bear two");
        List.of(first, third).forEach(id -> store.cancel(id, null, ANN));
        List.of(first, third).forEach(this::awaitEnd);
    }

    @Test
    void operationsStartNoFasterThanTheRateAllows() {
        var rated = new Concurrency(key, 10, new Rate(3, Duration.ofSeconds(1)), IfActive.QUEUE);
        var ids = IntStream.range(0, 8).mapToObj(_ -> submit("fail twice", rated, 0)).toList().subList(0, 3);
        ids.forEach(this::awaitEnd);

        assertThat(sql.sql("select at - lag(at, 3) over (order by at) >= interval '1 second' from rate_limit_start "
                + "where concurrency_key = :key order by at offset 3")
                .param("key", key).query(Boolean.class).list()).hasSizeGreaterThan(5)
                .as("a second between a start and the third after it").containsOnly(true);
        assertThat(sql.sql("""
                select count(*) from operation_history h join operation o on o.id = h.operation_id
                where o.concurrency_key = :key and h.event = 'status' and h.to_status = 'running'""").param("key", key).query(Integer.class).single())
                .isEqualTo(sql.sql("select count(*) from rate_limit_start where concurrency_key = :key").param("key",
                        key).query(Integer.class).single());
        sql.sql("select id from operation where concurrency_key = :key").param("key", key).query(UUID.class).list()
                .forEach(id -> store.cancel(new OperationId(id), null, ANN));
    }

    @Test
    void aUniqueSubmissionGetsTheActiveOperationAndARepetitionTheSameAnswer() {
        var skip = trick("work until told").withConcurrency(new Concurrency(key, 1, null, IfActive.SKIP));
        var first = store.submit(skip, ANN);

        var second = store.submit(skip.withIdempotencyKey(key), ANN);

        assertThat(first.skipped()).isFalse();
        assertThat(second).matches(Submitted::skipped)
                .matches(submitted -> submitted.operation().id().equals(first.operation().id()));
        store.cancel(first.operation().id(), null, ANN);
        awaitEnd(first.operation().id());
        assertThat(store.submit(skip.withIdempotencyKey(key), ANN)).matches(Submitted::replayed)
                .matches(submitted -> submitted.operation().id().equals(first.operation().id()));
        var third = store.submit(skip, ANN);
        assertThat(third.operation().id()).isNotEqualTo(first.operation().id());
        store.cancel(third.operation().id(), null, ANN);
    }

    @Test
    void manyConcurrentUniqueSubmissionsCreateOneOperation() throws Exception {
        var skip = trick("work until told").withConcurrency(new Concurrency(key, 1, null, IfActive.SKIP));
        try (var callers = Executors.newFixedThreadPool(6)) {
            var answers = callers.invokeAll(IntStream.range(0, 6)
                    .mapToObj(_ -> (Callable<Submitted>) () -> store.submit(skip, ANN)).toList());
            var ids = answers.stream().map(answer -> answer.resultNow().operation().id()).distinct().toList();

            assertThat(ids).hasSize(1);
            assertThat(answers.stream().filter(answer -> !answer.resultNow().skipped())).hasSize(1);
            store.cancel(ids.getFirst(), null, ANN);
        }
    }

    @Test
    void aUniqueSubmissionCanReplaceTheActiveOperation() {
        var running = submit("work until told", Concurrency.of(key, 1), 0);
        await().until(() -> status(running) == Status.RUNNING);
        var waiting = submit("pause a moment", Concurrency.of(key, 1), 0);

        var third = store.submit(trick("pause a moment")
                .withConcurrency(new Concurrency(key, 1, null, IfActive.REPLACE)), ANN).operation().id();

        assertThat(awaitEnd(third).status()).isEqualTo(Status.COMPLETED);
        assertThat(history(waiting)).last().isEqualTo("cancelled replaced by operation " + third);
        assertThat(history(running)).containsExactly("pending", "running", "running replaced by operation " + third,
                "cancelled");
        assertThat(mostAtOnce()).isEqualTo(1);
    }

    @Test
    void theToolTakesAConcurrencyKeyAndExplainsAnInvalidOne() throws Exception {
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
        var arguments = "{\"task_type\": \"simulation\", \"duration_seconds\": 60, \"concurrency_key\": \"" + key
                + "\", \"concurrency_limit\": 2, \"rate_starts\": 5, \"if_active\": \"skip\"}";

        var first = client.call("start_long_task", arguments).get("data");
        var second = client.call("start_long_task", arguments).get("data");

        assertThat(first.get("skipped").asBoolean()).isFalse();
        assertThat(second.get("skipped").asBoolean()).isTrue();
        assertThat(second.get("operation_id")).isEqualTo(first.get("operation_id"));
        var id = OperationId.parse(first.get("operation_id").asString());
        assertThat(find(id).concurrency())
                .isEqualTo(new Concurrency(key, 2, new Rate(5, Duration.ofSeconds(60)), IfActive.QUEUE));
        assertThat(client.call("start_long_task", "{\"task_type\": \"simulation\", \"if_active\": \"skip\"}")
                .get("error").asString()).contains("need a concurrency_key");
        store.cancel(id, null, ANN);
    }

    @Test
    void aBatchRefusesTwoOperationsOfOneUniqueKey() {
        var skip = trick("pause a moment").withConcurrency(new Concurrency(key, 1, null, IfActive.SKIP));

        assertThatThrownBy(() -> store.submitAll(List.of(skip, skip), ANN))
                .hasMessageContaining("cannot skip or replace others");
    }

    private OperationId submit(String trick, Concurrency concurrency, int priority) {
        return store.submit(trick(trick).withConcurrency(concurrency).withPriority(priority), ANN).operation().id();
    }

    private Status status(OperationId id) {
        return find(id).status();
    }

    /// By the history: each claim begins a run, the next change of status ends it.
    private int mostAtOnce() {
        return sql.sql("""
                with change as (
                    select h.at, case when h.to_status = 'running' then 1 else -1 end as by
                    from operation_history h join operation o on o.id = h.operation_id
                    where o.concurrency_key = :key and h.event = 'status'
                        and 'running' in (h.from_status, h.to_status) and h.from_status <> h.to_status)
                select max(running) from (select sum(by) over (order by at, by) as running from change) as c""").param("key", key).query(Integer.class).single();
    }
}
