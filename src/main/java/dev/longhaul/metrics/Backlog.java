package dev.longhaul.metrics;

import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What waits and runs in the database at this moment. Its cost is bounded: nothing is counted beyond [#MOST], and
/// history is never read.
@Component
class Backlog {

    /// A queue that is deeper is told as so deep: counting 100,000 takes 30 to 90 ms on two busy cores, and nobody acts
    /// otherwise on more.
    static final int MOST = 100_000;

    private final JdbcClient jdbc;

    Backlog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What can be claimed from one queue.
    ///
    /// @param oldest for how long the one that waits longest could have been claimed
    record Queue(String name, long depth, Duration oldest) {}

    // Hops through operation_ready from one lane, queue and priority to the next; the first row of each is its oldest.
    // A thousand hops at most.
    private static final String QUEUES = """
            with recursive hops as (
                (select claim_group, queue, priority, run_at from operation where claim_group >= ''
                    and status = 'pending' and not delayed order by claim_group, queue, priority desc, run_at, id
                    limit 1)
                union all
                select next.claim_group, next.queue, next.priority, next.run_at from hops cross join lateral (
                    (select o.claim_group, o.queue, o.priority, o.run_at from operation o
                     where o.status = 'pending' and not o.delayed and o.claim_group = hops.claim_group
                         and o.queue = hops.queue and o.priority < hops.priority
                     order by o.priority desc, o.run_at, o.id limit 1)
                    union all
                    (select o.claim_group, o.queue, o.priority, o.run_at from operation o
                     where o.status = 'pending' and not o.delayed
                         and (o.claim_group, o.queue) > (hops.claim_group, hops.queue)
                     order by o.claim_group, o.queue, o.priority desc, o.run_at, o.id limit 1)
                    limit 1) as next),
            places as (select claim_group, queue, min(run_at) as oldest from (select * from hops limit 1000) as few
                group by claim_group, queue)
            select queue, (extract(epoch from greatest(interval '0', now() - greatest(min(oldest), '1970-01-01Z'))) * 1000)::bigint as waited,
                least(sum(depth), :most)::bigint as depth
            from places cross join lateral (
                select count(*) as depth
                from (select from operation o where o.claim_group = places.claim_group and o.queue = places.queue
                    and o.status = 'pending' and not o.delayed limit :most) as counted) as counted
            group by queue order by queue
            """;

    /// The queues that have something to claim.
    List<Queue> queues() {
        return jdbc.sql(QUEUES).param("most", MOST)
                .query((row, _) -> new Queue(row.getString("queue"), row.getLong("depth"),
                        Duration.ofMillis(row.getLong("waited")))).list();
    }

    /// @param running on all nodes together
    /// @param parked  that wait for their time, their turn, an answer or their children
    /// @param workers that are alive
    /// @param lost    whose lease ran out, and whose operations are being taken back
    record Fleet(long running, long parked, int workers, int lost) {}

    // Each count has an index that has just these. Who only reports what others run has a lease for ever, and runs
    // nothing.
    private static final String FLEET = """
            select (select count(*) from (select from operation where status = 'running'
                limit :most) as counted) as running,
                   (select count(*) from (select from operation
                                         where status in ('pending', 'waiting') and delayed and not paused
                                             and not awaits_slot
                                         limit :most) as counted)
                       + (select count(*) from (select from operation where status = 'pending' and awaits_slot
                           and not paused limit :most) as counted) as delayed,
                   count(*) filter (where status = 'alive' and lease_until >= now()) as workers,
                   count(*) filter (where status = 'lost' or lease_until < now()) as lost
            from worker where status <> 'ended' and lease_until < 'infinity'
            """;

    Fleet fleet() {
        return jdbc.sql(FLEET).param("most", MOST)
                .query((row, _) -> new Fleet(row.getLong("running"), row.getLong("delayed"), row.getInt("workers"),
                        row.getInt("lost"))).single();
    }
}
