package dev.longhaul.metrics;

import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Counts pending and running operations. The cost is bounded: no count exceeds [#MAX_COUNT], and history is never
/// read.
@Component
class Backlog {

    /// Limit of every count: counting 100,000 rows takes 30 to 90 ms on two busy cores, and a higher number would not
    /// change what an operator does.
    static final int MAX_COUNT = 100_000;

    private final JdbcClient jdbc;

    Backlog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The claimable operations of a queue.
    ///
    /// @param oldestAge how long the oldest of them has been claimable
    record Queue(String name, long depth, Duration oldestAge) {}

    // Skip scan of operation_ready: one step per claim group, queue and priority, whose first row is the oldest. At
    // most 1,000 steps.
    private static final String QUEUES = """
            with recursive steps as (
                (select claim_group, queue, priority, run_at from operation
                 where claim_group >= '' and status = 'pending' and not delayed
                 order by claim_group, queue, priority desc, run_at, id limit 1)
                union all
                select next.claim_group, next.queue, next.priority, next.run_at from steps cross join lateral (
                    (select o.claim_group, o.queue, o.priority, o.run_at from operation o
                     where o.status = 'pending' and not o.delayed
                       and o.claim_group = steps.claim_group and o.queue = steps.queue and o.priority < steps.priority
                     order by o.priority desc, o.run_at, o.id limit 1)
                    union all
                    (select o.claim_group, o.queue, o.priority, o.run_at from operation o
                     where o.status = 'pending' and not o.delayed
                         and (o.claim_group, o.queue) > (steps.claim_group, steps.queue)
                     order by o.claim_group, o.queue, o.priority desc, o.run_at, o.id limit 1)
                    limit 1) as next),
            places as (
                select claim_group, queue, min(run_at) as oldest
                from (select * from steps limit 1000) as bounded group by claim_group, queue)
            select queue,
                   (extract(epoch from greatest(interval '0', now() - greatest(min(oldest), '1970-01-01Z')))
                    * 1000)::bigint as oldest_age,
                   least(sum(depth), :most)::bigint as depth
            from places cross join lateral (
                select count(*) as depth
                from (select from operation o
                      where o.claim_group = places.claim_group and o.queue = places.queue and o.status = 'pending'
                        and not o.delayed
                      limit :most) as claimable) as counted
            group by queue order by queue
            """;

    /// Queues with claimable operations.
    List<Queue> queues() {
        return jdbc.sql(QUEUES).param("most", MAX_COUNT)
                .query((row, _) -> new Queue(row.getString("queue"), row.getLong("depth"),
                        Duration.ofMillis(row.getLong("oldest_age")))).list();
    }

    /// @param runningOperations on all nodes together
    /// @param delayed           operations that wait for a time, a slot, an answer or their children
    /// @param aliveWorkers      workers with a valid lease
    /// @param lostWorkers       workers whose lease has expired and whose operations are being rescued
    record ClusterCounts(long runningOperations, long delayed, int aliveWorkers, int lostWorkers) {}

    // Each count reads a partial index. A worker that only reports external work has an infinite lease and runs
    // nothing.
    private static final String CLUSTER_COUNTS = """
            select (select count(*) from (
                       select from operation where status = 'running' limit :most) as counted) as running,
                   (select count(*) from (
                       select from operation
                       where status in ('pending', 'waiting') and delayed and not paused and not awaits_slot
                       limit :most) as counted)
                       + (select count(*) from (
                       select from operation where status = 'pending' and awaits_slot and not paused
                           limit :most) as counted) as delayed,
                   count(*) filter (where status = 'alive' and lease_until >= now()) as alive,
                   count(*) filter (where status = 'lost' or lease_until < now()) as lost
            from worker where status <> 'ended' and lease_until < 'infinity'
            """;

    ClusterCounts clusterCounts() {
        return jdbc.sql(CLUSTER_COUNTS).param("most", MAX_COUNT)
                .query((row, _) -> new ClusterCounts(row.getLong("running"), row.getLong("delayed"),
                        row.getInt("alive"), row.getInt("lost"))).single();
    }
}
