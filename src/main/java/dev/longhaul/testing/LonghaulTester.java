package dev.longhaul.testing;

import dev.longhaul.Longhaul;
import dev.longhaul.library.EmbeddedLonghaul;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Drives Longhaul in a test: moves the time on, waits until nothing can run, and asserts.
public final class LonghaulTester {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final String BY = "test";

    private final Longhaul longhaul;
    private final JdbcClient jdbc;
    private final WorkerStore workers;

    private LonghaulTester(Longhaul longhaul, JdbcClient jdbc, WorkerStore workers) {
        this.longhaul = longhaul;
        this.jdbc = jdbc;
        this.workers = workers;
    }

    static LonghaulTester of(Longhaul longhaul) {
        if (!(longhaul instanceof EmbeddedLonghaul embedded)) {
            throw new IllegalStateException("Longhaul is not that of the library, but " + longhaul.getClass());
        }
        return new LonghaulTester(longhaul, embedded.bean(JdbcClient.class), embedded.bean(WorkerStore.class));
    }

    // The version without an entry in the history: nothing happened to the operation but time.
    private static final String MOVE_OPERATIONS = """
            update operation set
                run_at = case when isfinite(run_at) then run_at - :by::interval else run_at end,
                start_by = start_by - :by::interval, deadline = deadline - :by::interval, version = version + 1
            where status in ('pending', 'waiting')
            """;
    // The end of a sleep is the result of its step.
    private static final String MOVE_SLEEPS = """
            update operation_step set result = to_jsonb(to_char(((result #>> '{}')::timestamptz - :by::interval)
                at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            where name ~ '^sleep-[0-9]+$'
                and operation_id in (select id from operation where status in ('pending', 'waiting'))
            """;
    private static final String MOVE_REQUESTS =
            "update input_request set expires_at = expires_at - :by::interval where answered_at is null";
    private static final String MOVE_SCHEDULES =
            "update schedule set next_run_at = next_run_at - :by::interval where next_run_at is not null";

    /// Moves the time on for all that is due later: sleeps, retries, deadlines, delayed starts and schedules. Then runs
    /// what has become due, as [#runUntilIdle] does.
    public void advance(Duration time) {
        for (var statement : List.of(MOVE_SLEEPS, MOVE_REQUESTS, MOVE_SCHEDULES, MOVE_OPERATIONS)) {
            jdbc.sql(statement).param("by", time.toString()).update();
        }
        runUntilIdle();
    }

    private static final String UNFINISHED = """
            select coalesce(string_agg(type || ' ' || id || ' is ' || status, ', '), '')
            from operation o
            where status = 'running'
               or status = 'pending' and not delayed and not paused and claim_group is not null
               or status in ('pending', 'waiting') and delayed and not paused and not awaits_slot and run_at <= now()
               or awaits_slot and not paused and rate_limit is null and (
                    select count(*) from operation h where h.concurrency_key = o.concurrency_key and h.holds_slot)
                    < concurrency_limit
               or waits_for = 'operations' and not exists (
                    select from operation c where c.parent_id = o.id and c.status in ('pending', 'running', 'waiting')
                        and (o.awaited_ids is null or c.id = any(o.awaited_ids)))
            """;

    /// Waits until no operation runs or could run now. Sleeping ones, retries and input requests stay where they are.
    ///
    /// @throws AssertionError if that takes longer than 30 seconds
    public void runUntilIdle() {
        var until = System.nanoTime() + PATIENCE.toNanos();
        for (var left = unfinished(); !left.isEmpty(); left = unfinished()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("expected all operations to end or wait within " + PATIENCE.toSeconds()
                        + " seconds, but " + left);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private String unfinished() {
        workers.wake(BY);
        workers.expire(BY);
        return jdbc.sql(UNFINISHED).query(String.class).single();
    }

    /// Assertions on the operation as it is now.
    public OperationAssert assertThat(OperationId id) {
        return new OperationAssert(longhaul.get(id).orElse(null), jdbc);
    }
}
