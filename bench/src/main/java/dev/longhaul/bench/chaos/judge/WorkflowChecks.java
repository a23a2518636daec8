package dev.longhaul.bench.chaos.judge;

import java.util.List;

/// What workflows must look like. None of them is retried.
final class WorkflowChecks {

    static final String DEPENDENCIES = "no workflow node starts before its dependencies have ended";
    static final String CONDITIONS = "a workflow node runs only if its condition holds";
    static final String FAN_OUT = "a workflow node has one operation for each element, and counts them right";
    static final String ENDS = "a workflow ends when all its nodes have ended";

    private static final String NODES = "select count(*) from workflow_node";
    private static final String CHILD = """
            with child as (
                select o.id, o.parent_id, o.workflow_node, o.fan_out_index, o.finished_at is not null as is_over,
                       min(h.at) as submitted_at, max(h.at) filter (where h.event = 'status' and h.to_status in
                           ('completed', 'failed', 'cancelled')) as ended_at
                from operation o join operation_history h on h.operation_id = o.id
                where o.workflow_node is not null
                group by o.id, o.parent_id, o.workflow_node, o.fan_out_index, o.finished_at)
            """;
    private static final String NAME = "select 'node ' || n.name || ' of ' || n.workflow_id || ' ' || ";

    static final List<Check> ALL = List.of(
            Check.sql(DEPENDENCIES, "select count(*) from workflow_dependency", CHILD + """
                    select 'node ' || d.to_node || ' of ' || d.workflow_id || ' began at ' || later.submitted_at
                           || ', and operation ' || earlier.id || ' of ' || d.from_node || ' ended '
                           || coalesce(earlier.ended_at::text, 'never')
                    from workflow_dependency d
                    join child earlier on earlier.parent_id = d.workflow_id and earlier.workflow_node = d.from_node
                    join child later on later.parent_id = d.workflow_id and later.workflow_node = d.to_node
                    where not earlier.is_over or earlier.ended_at > later.submitted_at
                    """),
            Check.sql(CONDITIONS, NODES, NAME + """
                    'ran with when: ' || n.run_when || ' behind ' || string_agg(f.name || ' ' || f.status, ', ')
                    from workflow_node n
                    join workflow_dependency d on d.workflow_id = n.workflow_id and d.to_node = n.name
                    join workflow_node f on f.workflow_id = d.workflow_id and f.name = d.from_node
                    where n.submitted > 0
                    group by n.workflow_id, n.name, n.run_when
                    having n.run_when = 'success' and not bool_and(f.status = 'completed')
                        or n.run_when = 'failure' and not bool_or(f.status in ('failed', 'cancelled', 'skipped'))
                    """),
            Check.sql(FAN_OUT, NODES, CHILD + NAME + """
                    'counts ' || n.submitted || ' submitted, ' || n.finished || ' finished of ' || coalesce(n.total, 0)
                    || '; there are ' || c.number || ', ' || c.finished || ' finished, ' || c.elements || ' elements'
                    from workflow_node n
                    cross join lateral (
                        select count(*) as number, count(*) filter (where is_over) as finished,
                               count(distinct coalesce(fan_out_index, 0)) as elements
                        from child where parent_id = n.workflow_id and workflow_node = n.name) as c
                    where n.submitted <> c.number or n.finished <> c.finished or c.elements <> c.number
                       or n.status = 'completed' and n.total is distinct from c.number
                    """),
            Check.sql(ENDS, "select count(*) from operation where type = 'workflow' and finished_at is not null",
                    NAME + """
                    'is ' || n.status || ', and the workflow ' || o.status
                    from workflow_node n join operation o on o.id = n.workflow_id
                    where o.status in ('completed', 'failed') and n.status in ('waiting', 'running')
                       or o.status = 'cancelled' and n.status = 'running' and n.submitted > n.finished
                    """));

    private WorkflowChecks() {
    }
}
