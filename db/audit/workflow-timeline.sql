-- What did the nodes of a workflow wait for, how long, and what came of them?
--
-- One row per operation of the workflow, in the order of its graph, and one per node that has none (it waits, was
-- skipped, or is not triggered). dependencies: what the node waited for; submitted_at: when the last of that was
-- over; waited: from then until it began; ran: from there to its end. Which workflow: psql -v workflow=<id> -f
-- db/audit/workflow-timeline.sql; without it, the one that was submitted last.
\if :{?workflow}
\else
\set workflow ''
\endif

select node, item, run_when, dependencies, node_status, operation_id, type, status, attempt, submitted_at, waited,
    ran, error
from audit.workflow_timeline
where workflow_id = coalesce(nullif(:'workflow', '')::uuid,
    (select workflow_id from audit.workflow_timeline order by workflow_id desc limit 1))
order by position, item;
