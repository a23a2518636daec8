package dev.longhaul.store;

import dev.longhaul.operation.OperationId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Leases: registers workers, finds lost ones, and frees their operations. One lease covers all runs of a worker. Only
/// the database's clock decides its loss.
@Repository
public class WorkerStore {

    private final JdbcClient jdbc;
    private final JdbcClient engine;   // callers that exhaust the service pool must not block lease renewals

    WorkerStore(JdbcClient jdbc, EngineConnection connection) {
        this.jdbc = jdbc;
        this.engine = JdbcClient.create(connection.dataSource());
    }

    private static final String REGISTER = """
            insert into worker (name, lease_until) values (:name, now() + :lease::interval) returning id
            """;

    /// Registers a worker with a new id.
    public UUID register(String name, Duration lease) {
        return jdbc.sql(REGISTER).param("name", name).param("lease", lease.toString()).query(UUID.class).single();
    }

    private static final String SUCCEED = """
            update worker set status = 'lost' where name = :name and status = 'alive' and id <> :id
            """;

    /// Declares earlier workers of this name lost, because only one process can hold the host's port. Their operations
    /// are freed at once.
    public void succeed(UUID id, String name) {
        jdbc.sql(SUCCEED).param("id", id).param("name", name).update();
    }

    private static final String RENEW = """
            update worker set heartbeat_at = now(), lease_until = now() + :lease::interval where id = :id
                and status = 'alive'
            returning draining_since is not null
            """;

    /// @return true: the worker claims nothing more; empty: it was declared lost, and must stop its runs
    public Optional<Boolean> beat(UUID id, Duration lease) {
        return engine.sql(RENEW).param("id", id).param("lease", lease.toString()).query(Boolean.class).optional();
    }

    private static final String STOP_REQUESTS = """
            select id, cancel_requested_at is not null as cancel
            from operation where worker_id = :id and status = 'running' and (cancel_requested_at is not null or paused)
            """;

    /// A request to a run: true for cancel, false for a pause at its next checkpoint.
    public record Order(OperationId id, boolean cancel) {}

    /// Requests to cancel or pause this worker's runs.
    public List<Order> orders(UUID id) {
        return engine.sql(STOP_REQUESTS).param("id", id)
                .query((row, _) -> new Order(new OperationId(row.getObject("id", UUID.class)),
                        row.getBoolean("cancel"))).list();
    }

    // After a database outage every lease looks expired; live workers get the length of one lease to renew.
    private static final String FIND_LOST = """
            update worker set status = 'lost'
            where status = 'alive' and lease_until < now() and pg_postmaster_start_time() < now() - :lease::interval
            """;

    private static final String RESCUE = """
            with held as (
                select o.id from worker w join operation o on o.worker_id = w.id and o.status = 'running'
                where w.status = 'lost'
                order by o.id limit 200
                for update of o skip locked)
            update operation o set
                status = case when o.cancel_requested_at is not null then 'cancelled'
                              when o.worker_losses + 1 >= :maxLosses then 'failed' else 'pending' end,
                finished_at = case when o.cancel_requested_at is not null or o.worker_losses + 1 >= :maxLosses
                    then now() end,
                error = case when o.cancel_requested_at is null and o.worker_losses + 1 >= :maxLosses then
                            jsonb_build_object('type', 'worker_lost', 'message',
                                format('its worker died %s times in a row while running it', o.worker_losses + 1)) end,
                run_id = null, worker_id = null, run_at = now(), worker_losses = o.worker_losses + 1,
                delayed = o.paused and o.cancel_requested_at is null and o.worker_losses + 1 < :maxLosses,
                paused = o.paused and o.cancel_requested_at is null and o.worker_losses + 1 < :maxLosses,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = 'engine', reason = 'worker lease expired'
            from held where o.id = held.id and o.status = 'running'
            """;

    private static final String END_LOST = """
            update worker w set status = 'ended', ended_at = now()
            where status = 'lost' and lease_until < now() - interval '1 minute'
              and not exists (select from operation o where o.worker_id = w.id and o.status = 'running')
            """;

    /// Declares workers with expired leases lost, and frees up to 200 operations of lost workers. A lost worker keeps
    /// its row for a minute beyond its lease, because a pending claim of its own may still commit.
    ///
    /// @param maxLosses number of workers lost in a row without a checkpoint, at which an operation fails
    /// @return number of freed operations; 200: there may be more
    public int rescue(Duration lease, int maxLosses, String rescuer) {
        jdbc.sql(FIND_LOST).param("lease", lease.toString()).update();
        var freed = jdbc.sql(RESCUE).param("maxLosses", maxLosses).param("by", rescuer).update();
        jdbc.sql(END_LOST).update();
        return freed;
    }

    private static final String WAKE = """
            with due as (
                select id from operation
                where status in ('pending', 'waiting') and delayed and not paused and not awaits_slot
                    and run_at <= now()
                order by run_at limit 500 for update skip locked)
            update operation o set
                history_seq = o.history_seq + (o.status = 'waiting')::int,
                status = 'pending', delayed = false, waits_for = null, awaited_ids = null, reason = null,
                version = o.version + 1, updated_at = now(), changed_by = :by, source = 'engine'
            from due where o.id = due.id and o.status in ('pending', 'waiting')
            """;

    /// Wakes delayed operations that are due, up to 500. Returns their number; 500: there may be more.
    public int wake(String by) {
        return jdbc.sql(WAKE).param("by", by).update();
    }

    private static final String EXPIRE = """
            with late as (
                select id, deadline <= now() as is_over from operation
                where status in ('pending', 'waiting') and (deadline is not null or start_by is not null)
                  and least(deadline, case when started_at is null then start_by end) <= now()
                order by least(deadline, case when started_at is null then start_by end)
                    limit 500 for update skip locked)
            update operation o set
                status = 'failed', finished_at = now(), delayed = false, paused = false, waits_for = null,
                    awaited_ids = null,
                error = case when late.is_over then jsonb_build_object('type', 'deadline', 'message',
                    format('it was not over by its deadline, %s', o.deadline))
                             else jsonb_build_object('type', 'start_by', 'message',
                                 format('it had not started by %s', o.start_by)) end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(), changed_by = :by,
                    source = 'engine',
                reason = case when late.is_over then 'its deadline passed' else 'it did not start in time' end
            from late where o.id = late.id and o.status in ('pending', 'waiting')
            """;

    /// Fails pending and waiting operations whose deadline or start limit passed, up to 500. Returns their number; 500:
    /// there may be more.
    public int expire(String by) {
        return jdbc.sql(EXPIRE).param("by", by).update();
    }

    // A recursive query reads one index entry per queue.
    private static final String PENDING_WORK = """
            with recursive queues as (
                (select queue from operation where claim_group = '' and status = 'pending' and not delayed
                    order by queue limit 1)
                union all
                select (select o.queue from operation o where o.claim_group = '' and o.status = 'pending'
                    and not o.delayed and o.queue > queues.queue
                        order by o.queue limit 1)
                from queues where queues.queue is not null)
            select array(select queue from queues where queue is not null and queue_is_open(queue)) as ready,
                   array(select name from queue where max_running is not null) as limited,
                   exists (select from worker where status = 'lost' or status = 'alive'
                       and lease_until < now()) as lost,
                   exists (select from count_delta) as uncounted,
                   extract(epoch from least(
                       (select min(run_at) from operation
                        where status in ('pending', 'waiting') and delayed and not paused and not awaits_slot
                          and run_at > '-infinity' and run_at < 'infinity'),
                       (select min(resume_at) from queue where resume_at > now()),
                       (select min(lease_until) from worker
                        where status = 'alive' and lease_until > now() and lease_until < 'infinity')) - now())
                       * 1000 as due,
                   extract(epoch from (
                       select min(least(deadline, case when started_at is null then start_by end)) from operation
                       where status in ('pending', 'waiting') and (deadline is not null or start_by is not null)
                         and least(deadline, case when started_at is null then start_by end)
                             between '1970-01-01Z' and '9999-12-31Z') - now()) * 1000 as expiring
            """;

    /// Pending work of a node.
    ///
    /// @param ready      queues with claimable operations
    /// @param limited    queues with a limit on all workers together
    /// @param lost       true: a worker's lease expired
    /// @param uncounted  true: there are count deltas to merge
    /// @param nextDue    time until the next delayed operation is due (zero if one is), a paused queue resumes, or a
    ///     lease expires; null: none of these
    /// @param nextExpiry time until the next operation that is not running must fail, zero if one must; null: none
    public record Chores(List<String> ready, Set<String> limited, boolean lost, boolean uncounted,
            @Nullable Duration nextDue, @Nullable Duration nextExpiry) {}

    /// One query that is cheap enough for every second.
    public Chores look() {
        return jdbc.sql(PENDING_WORK).query((row, _) -> new Chores(List.of((String[]) row.getArray("ready").getArray()),
                Set.of((String[]) row.getArray("limited").getArray()), row.getBoolean("lost"),
                row.getBoolean("uncounted"), until(row.getBigDecimal("due")), until(row.getBigDecimal("expiring"))))
                .single();
    }

    private static @Nullable Duration until(@Nullable BigDecimal millis) {
        return millis == null
                ? null : Duration.ofMillis(Math.max(0, millis.setScale(0, RoundingMode.CEILING).longValue()));
    }

    private static final String RUNS = "select run_id from operation where worker_id = :id and status = 'running'";

    /// Runs of this worker in the database.
    public List<UUID> runs(UUID id) {
        return engine.sql(RUNS).param("id", id).query(UUID.class).list();
    }

    private static final String RELEASE = """
            update operation set
                status = case when cancel_requested_at is null then 'pending' else 'cancelled' end,
                finished_at = case when cancel_requested_at is null then null else now() end,
                run_id = null, worker_id = null, run_at = now(), continues_attempt = true,
                delayed = paused and cancel_requested_at is null, paused = paused and cancel_requested_at is null,
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = 'engine', reason = :reason
            where worker_id = :id and run_id = any(:runs::uuid[]) and status = 'running'
            """;

    /// Releases runs that never began on this worker: the response to their committed claim was lost.
    public void disown(UUID id, List<UUID> runs, String by, String reason) {
        engine.sql(RELEASE).param("id", id).param("runs", runs.stream().map(UUID::toString).toArray(String[]::new))
                .param("by", by).param("reason", reason).update();
    }

    private static final String LEAVE = """
            update worker set status = case when exists (select from operation where worker_id = :id
                and status = 'running')
                                            then 'lost' else 'ended' end,
                              lease_until = now(), ended_at = now()
            where id = :id and status = 'alive'
            """;

    /// Ends a worker that shuts down. Its remaining operations are free for other workers at once.
    public void leave(UUID id) {
        jdbc.sql(LEAVE).param("id", id).update();
    }
}
