package dev.longhaul.store;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.RunStore.QueueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Remote workers: their registrations, their leases, and the limits of their runs, which nodes do not time.
/// [WorkerStore#rescue] finds lost workers and frees their operations, as those of nodes.
@Repository
public class RemoteWorkerStore {

    private final JdbcClient jdbc;
    private final OperationMapper rows;

    RemoteWorkerStore(JdbcClient jdbc, OperationMapper rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /// @param lease  longest time without a heartbeat
    /// @param types  types that it claims
    /// @param queues queues from which it claims; null: every queue
    /// @param isDraining true: it claims nothing more
    public record RemoteWorker(UUID id, String name, Duration lease, Set<String> types, @Nullable Set<String> queues,
            boolean isDraining) {

        public RemoteWorker draining(boolean isDraining) {
            return new RemoteWorker(id, name, lease, types, queues, isDraining);
        }
    }

    private static final String REGISTER = """
            insert into worker (name, kind, lease, lease_until, types, queues)
            values (:name, 'remote', :lease::interval, now() + :lease::interval, :types::text[], :queues::text[])
            returning id
            """;
    private static final String SUCCEED = """
            update worker set status = 'lost', lease_until = least(lease_until, now())
            where name = :name and kind = 'remote' and status = 'alive' and id <> :id
            """;

    /// @param isOnly true: one worker of this name exists at a time, so the earlier ones are lost and their operations
    ///     are freed
    public RemoteWorker register(String name, Duration lease, Set<String> types, @Nullable Set<String> queues,
            boolean isOnly) {
        var id = jdbc.sql(REGISTER).param("name", name).param("lease", lease.toString())
                .param("types", types.toArray(String[]::new))
                .param("queues", queues == null ? null : queues.toArray(String[]::new)).query(UUID.class).single();
        if (isOnly) {
            jdbc.sql(SUCCEED).param("id", id).param("name", name).update();
        }
        return new RemoteWorker(id, name, lease, types, queues, false);
    }

    private static final String FIND = """
            select id, name, extract(epoch from lease) as lease_seconds, types, queues,
                draining_since is not null as is_draining from worker where id = :id and kind = 'remote'
                and status = 'alive'
            """;

    /// Empty: there is no such worker, or it left or was declared lost.
    public Optional<RemoteWorker> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query((row, _) -> worker(row)).optional();
    }

    private static RemoteWorker worker(ResultSet row) throws SQLException {
        var queues = row.getArray("queues");
        return new RemoteWorker(row.getObject("id", UUID.class), row.getString("name"),
                Duration.ofMillis(Math.round(row.getDouble("lease_seconds") * 1000)),
                Set.of((String[]) row.getArray("types").getArray()), queues == null
                ? null : Set.of((String[]) queues.getArray()),
                row.getBoolean("is_draining"));
    }

    private static final String RENEW = """
            with alive as (select id from worker where id = any(:ids::uuid[]) and kind = 'remote'
                and status = 'alive' order by id for update)
            update worker w set heartbeat_at = now(), lease_until = now() + w.lease from alive where w.id = alive.id
            returning w.id, w.draining_since is not null as is_draining
            """;

    /// @return live workers; true: the worker claims nothing more. A missing worker has been declared lost.
    public Map<UUID, Boolean> beat(Collection<UUID> ids) {
        return jdbc.sql(RENEW).param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, _) -> Map.entry(row.getObject("id", UUID.class), row.getBoolean("is_draining"))).list()
                        .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static final String EXTEND_LEASES = """
            update worker set lease_until = now() + lease where kind = 'remote' and status = 'alive'
                and lease_until < now() + lease / 2
            """;

    /// Called before the first search for lost workers: without a running node, no worker could renew its lease. A
    /// running service leaves no expired lease.
    public void spareThoseWhoCouldNotBeat() {
        jdbc.sql(EXTEND_LEASES).update();
    }

    // A recursive query reads one index entry per queue key, as for queues.
    private static final String READY = """
            with recursive places as (
                (select claim_group, queue from operation where claim_group > '' and status = 'pending'
                    and not delayed order by claim_group, queue limit 1)
                union all
                select next.claim_group, next.queue from places, lateral (
                    select o.claim_group, o.queue from operation o
                    where o.status = 'pending' and not o.delayed
                        and (o.claim_group, o.queue) > (places.claim_group, places.queue)
                    order by o.claim_group, o.queue limit 1) as next)
            select claim_group, queue, (select max_running is not null from queue q
                where q.name = places.queue) as limited
            from places where queue_is_open(queue)
            """;

    /// A claim group and queue with operations that remote workers can claim.
    ///
    /// @param limited true: the queue has a limit on all workers together
    public record ReadyPlace(QueueKey place, boolean limited) {}

    public List<ReadyPlace> look() {
        return jdbc.sql(READY)
                .query((row, _) -> new ReadyPlace(new QueueKey(row.getString("claim_group"), row.getString("queue")),
                row.getBoolean("limited"))).list();
    }

    private static final String STRAYS = """
            select run_id from operation
            where worker_id = :id and status = 'running' and not run_id = any(:held::uuid[])
                and updated_at < now() - :patience::interval
            """;

    /// Runs that the worker does not report and that had no update within `patience`: the response to their claim was
    /// lost.
    public List<UUID> strays(UUID id, Collection<UUID> held, Duration patience) {
        return jdbc.sql(STRAYS).param("id", id).param("held", held.stream().map(UUID::toString).toArray(String[]::new))
                .param("patience", patience.toString())
                .query(UUID.class).list();
    }

    // A sleep ends a run, and the next run continues the attempt. The timeout counts from the latest claim, which is in
    // the history.
    private static final String OVERDUE = """
            select o.*, now() as read_at,
                   case when deadline <= now() then 'deadline' when updated_at + heartbeat_timeout <= now()
                       then 'heartbeat_timeout' else 'timeout' end as why
            from operation o
            where status = 'running' and claim_group is distinct from ''
                and (timeout is not null or heartbeat_timeout is not null or deadline is not null)
              and (deadline <= now() or updated_at + heartbeat_timeout <= now()
                   or attempt_started_at + timeout <= now()
                      and (select max(h.at) from operation_history h where h.operation_id = o.id
                          and h.run_id = o.run_id) + timeout <= now())
            order by id limit 200
            """;

    /// @param why `deadline`, `timeout` or `heartbeat_timeout`
    public record Overdue(Operation operation, UUID runId, String why) {}

    /// Runs outside nodes that exceeded a time limit, up to 200.
    public List<Overdue> overdue() {
        return jdbc.sql(OVERDUE).query((row, number) -> new Overdue(rows.mapRow(row, number),
                row.getObject("run_id", UUID.class), row.getString("why"))).list();
    }

    private static final String HAS_LIMITED_RUNS = """
            select exists (select from operation where status = 'running' and claim_group is distinct from ''
                and (timeout is not null or heartbeat_timeout is not null or deadline is not null))
            """;

    /// True if a run outside nodes has a time limit.
    public boolean hasLimitedRuns() {
        return jdbc.sql(HAS_LIMITED_RUNS).query(Boolean.class).single();
    }

    private static final String IS_TRACKED = "select exists (select from operation where id = :id and claim_group is null)";

    /// True: its creator runs it, and no worker can.
    public boolean isTracked(OperationId id) {
        return jdbc.sql(IS_TRACKED).param("id", id.value()).query(Boolean.class).single();
    }

    private static final String IS_RUN =
            "select exists (select from operation where id = :id and run_id = :run and status = 'running')";

    /// True if the token names the operation's current run.
    public boolean isRun(OperationId id, UUID run) {
        return jdbc.sql(IS_RUN).param("id", id.value()).param("run", run).query(Boolean.class).single();
    }

    // The engine writes a rescue as source `engine`. A rejected end that finds its own change here was sent twice.
    private static final String ENDED_SO = """
            select exists (
                select from operation_history
                where operation_id = :id and run_id = :runId and event = 'status' and from_status = 'running'
                    and source = 'remote' and to_status = any(:statuses::text[]))
            """;

    /// True if the run's own worker ended it in one of these statuses.
    public boolean endedSo(OperationId id, UUID runId, String... statuses) {
        return jdbc.sql(ENDED_SO).param("id", id.value()).param("runId", runId).param("statuses", statuses)
                .query(Boolean.class).single();
    }
}
