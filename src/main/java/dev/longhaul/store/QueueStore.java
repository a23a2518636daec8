package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Settings of queues, and their numbers of operations. Triggers write changes to `queue_history` and notify the nodes.
@Repository
public class QueueStore {

    private final JdbcClient jdbc;

    QueueStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param resumeAt   end of the pause; null: none is set
    /// @param maxRunning limit of running operations on all workers together; null: none
    /// @param changedAt  time of the last change of its settings; null: never changed
    public record Queue(String name, boolean paused, @Nullable Instant resumeAt, @Nullable Integer maxRunning,
            long pending, long running, long waiting,
                        @Nullable Instant changedAt, @Nullable String changedBy, @Nullable String changedVia,
                        @Nullable String reason) {}

    private static final String ALL = """
            with counted as (
                select queue, status, sum(number) as number
                from (select queue, status, number from operation_count
                      union all select queue, to_status, number from count_delta where to_status is not null
                      union all select queue, from_status, -number from count_delta
                                where from_status <> 'submitted') as entry
                where status in ('pending', 'running', 'waiting')
                group by queue, status),
            live as (
                select queue as name, coalesce(sum(number) filter (where status = 'pending'), 0) as pending,
                       coalesce(sum(number) filter (where status = 'running'), 0) as running,
                       coalesce(sum(number) filter (where status = 'waiting'), 0) as waiting
                from counted group by queue having sum(number) > 0)
            select name, coalesce(q.paused and (q.resume_at is null or q.resume_at > now()), false) as paused,
                q.resume_at, q.max_running,
                   coalesce(live.pending, 0) as pending, coalesce(live.running, 0) as running,
                       coalesce(live.waiting, 0) as waiting,
                   q.changed_at, q.changed_by, q.source, q.reason
            from live full join queue q using (name)
            where :name::text is null or name = :name::text
            order by name
            """;

    /// Queues that have operations or settings.
    public List<Queue> all() {
        return find((String) null);
    }

    /// Every name is a valid queue: an unknown one has only zeros.
    public Queue one(String name) {
        return find(name).stream().findFirst()
                .orElseGet(() -> new Queue(name, false, null, null, 0, 0, 0, null, null, null, null));
    }

    private List<Queue> find(@Nullable String name) {
        return jdbc.sql(ALL).param("name", name)
                .query((row, _) -> new Queue(row.getString("name"), row.getBoolean("paused"),
                instant(row.getObject("resume_at", OffsetDateTime.class)), row.getObject("max_running", Integer.class),
                row.getLong("pending"), row.getLong("running"),
                row.getLong("waiting"), instant(row.getObject("changed_at", OffsetDateTime.class)),
                row.getString("changed_by"), row.getString("source"),
                row.getString("reason"))).list();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    // Skip scan of operation_ready: one step per claim group and priority of the queue, whose first row is the oldest.
    private static final String OLDEST = """
            with recursive groups as (
                select '' as claim_group
                union all
                select (select min(o.claim_group) from operation o
                        where o.status = 'pending' and not o.delayed and o.claim_group > groups.claim_group)
                from groups where claim_group is not null),
            heads as (
                select head.* from groups cross join lateral (
                    select o.claim_group, o.priority, o.run_at from operation o
                    where o.status = 'pending' and not o.delayed
                        and o.claim_group = groups.claim_group and o.queue = :name
                    order by o.priority desc, o.run_at, o.id limit 1) as head
                union all
                select next.* from heads cross join lateral (
                    select o.claim_group, o.priority, o.run_at from operation o
                    where o.status = 'pending' and not o.delayed
                        and o.claim_group = heads.claim_group and o.queue = :name and o.priority < heads.priority
                    order by o.priority desc, o.run_at, o.id limit 1) as next)
            select extract(epoch from now() - min(run_at)) from heads where run_at > '-infinity'
            """;

    /// Seconds since the oldest claimable operation was due. Empty: there is none.
    public Optional<Double> oldestAge(String name) {
        return jdbc.sql(OLDEST).param("name", name)
                .query((row, _) -> Optional.ofNullable(row.getBigDecimal(1)).map(Number::doubleValue)).single();
    }

    private static final String PAUSE = """
            insert into queue (name, paused, resume_at, changed_by, source, reason)
                values (:name, true, now() + :length::interval, :by, :via, :reason)
            on conflict (namespace, name) do update set paused = true, resume_at = excluded.resume_at, changed_by
                = excluded.changed_by, source = excluded.source,
                reason = excluded.reason
            where not queue.paused or queue.resume_at is distinct from excluded.resume_at
            """;

    /// No operation is claimed from the queue; current runs continue. A repeated call changes only the end.
    ///
    /// @param length length of the pause; null: until it is resumed
    public void pause(String name, @Nullable Duration length, @Nullable String reason, Caller caller) {
        change(PAUSE, name, reason, caller).param("length", length == null ? null : length.toString()).update();
    }

    private static final String RESUME = """
            update queue set paused = false, resume_at = null, changed_by = :by, source = :via, reason = :reason
                where name = :name and paused
            """;

    public void resume(String name, @Nullable String reason, Caller caller) {
        change(RESUME, name, reason, caller).update();
    }

    private static final String LIMIT = """
            insert into queue (name, max_running, changed_by, source, reason)
                values (:name, :limit::int, :by, :via, :reason)
            on conflict (namespace, name) do update set max_running = excluded.max_running, changed_by
                = excluded.changed_by, source = excluded.source,
                reason = excluded.reason
            where queue.max_running is distinct from excluded.max_running
            """;

    /// @param most limit of running operations, 1 or more; null: none
    public void limit(String name, @Nullable Integer most, @Nullable String reason, Caller caller) {
        change(LIMIT, name, reason, caller).param("limit", most).update();
    }

    private JdbcClient.StatementSpec change(String statement, String name, @Nullable String reason, Caller caller) {
        return jdbc.sql(statement).param("name", name).param("by", caller.name()).param("via", caller.source())
                .param("reason", reason);
    }
}
