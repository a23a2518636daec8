package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry.Acknowledged;
import dev.longhaul.bench.chaos.journal.Entry.NodeFault;
import dev.longhaul.bench.chaos.journal.Entry.Unexpected;
import dev.longhaul.bench.chaos.judge.Check.Finding;
import java.util.List;

/// How everything stands when the faults are over and nothing is submitted any more.
final class EndChecks {

    static final String LEFT = "nothing is left running, waiting or holding a slot";
    static final String COUNTS = "the counters agree with the operations";
    static final String ANSWERS = "an outage is answered 503, and no good request is refused";
    static final String NODES = "each node recovers from each fault, and none ends by itself";

    static final List<Check> ALL = List.of(
            Check.sql(LEFT, "select count(*) from operation", """
                    select 'operation ' || id || ', ' || type || ', is ' || status || ' since ' || updated_at
                    from operation where status in ('pending', 'running', 'waiting') or holds_slot or run_id is not null
                    """),
            Check.sql(COUNTS, "select count(*) from operation_count", """
                    with counted as (
                        select type, queue, status, sum(number) as number
                        from (select type, queue, status, number from operation_count
                              union all select type, queue, to_status, number from count_delta
                                        where to_status is not null
                              union all select type, queue, from_status, -number from count_delta
                                        where from_status is not null and from_status <> 'submitted') as parts
                        group by type, queue, status),
                    real as (select type, queue, status, count(*) as number from operation group by type, queue, status)
                    select concat_ws(' ', 'the counters say', coalesce(c.number, 0), coalesce(c.status, r.status),
                                     'of', coalesce(c.type, r.type), 'and there are', coalesce(r.number, 0))
                    from counted c full join real r using (type, queue, status)
                    where coalesce(c.number, 0) <> coalesce(r.number, 0)
                    """),
            new Check(ANSWERS, evidence -> Finding.of(evidence.entries(Acknowledged.class).count(),
                    evidence.entries(Unexpected.class).map(one -> "%s was answered %d %s".formatted(one.request(),
                            one.status(), one.body())).toList())),
            new Check(NODES, evidence -> Finding.of(1, evidence.entries(NodeFault.class)
                    .map(fault -> fault.node() + ": " + fault.text()).toList())));

    private EndChecks() {
    }
}
