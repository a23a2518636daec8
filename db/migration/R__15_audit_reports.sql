-- Views for people.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- for people ---------------------------------------------------------------------------------------------------------
-- Each answers one kind of question without a join; db/audit has an example of each.

create or replace view ${audit}.operations as
select id, namespace, type, queue, status, priority, tags, created_at as submitted_at,
       (select h.changed_by from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_by,
       (select h.source from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_from,
       started_at, finished_at,
       coalesce(started_at, finished_at, now()) - created_at as waited_for,
       coalesce(finished_at, now()) - started_at as took,
       attempt, failures, progress, message, error ->> 'type' as error_type, error ->> 'message' as error,
       paused, waits_for, cancel_requested_at, parent_id, updated_at as changed_at, changed_by, source, reason
from operation o;
comment on view ${audit}.operations is
    'One row per operation, for people: who submitted it, how long it waited and took (until now, if it has not '
    'finished), and '
    'how it ended. Of one day: where id >= ${audit}.operation_id_at(''2026-01-31Z'') and id < '
    '${audit}.operation_id_at(''2026-02-01Z'').';

create or replace view ${audit}.history as
select h.operation_id, h.seq, h.at, o.type, h.event, h.from_status, h.to_status, h.attempt, h.changed_by,
    h.recorded_by, h.source, w.name as worker,
       h.reason, h.changes, h.progress, h.message, h.error ->> 'type' as error_type, h.error ->> 'message' as error
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id;
comment on view ${audit}.history is
    'One row per change that matters: the principal (changed_by), the database role that recorded it (recorded_by), '
    'the source '
    '(engine, mcp, rest, cli, dashboard, sql), the move, why, and of an edit the values before and after (changes).';

create or replace view ${audit}.timeline as
select operation_id, type, status, attempt, worker, began, ended, coalesce(ended, now()) - began as lasted
from (
    select h.operation_id, o.type, h.to_status as status, h.attempt, case when h.to_status = 'running' then w.name
        end as worker, h.at as began,
           lead(h.at) over (partition by h.operation_id order by h.seq) as ended
    from operation_history h
    left join operation o on o.id = h.operation_id
    left join worker w on w.id = h.worker_id
    where h.from_status is distinct from h.to_status) as stay
where status in ('pending', 'running', 'waiting');
comment on view ${audit}.timeline is
    'One row per stay of an operation in a live status, ready for a Gantt chart: from when (began) until when '
    '(ended; null: it '
    'still is), in which attempt, on which worker.';

create or replace view ${audit}.failures as
select h.operation_id, h.seq, o.type, o.queue, h.attempt, h.at, h.error ->> 'type' as error_type,
    coalesce(h.error ->> 'message', h.reason) as message,
       h.to_status as led_to, w.name as worker, h.error -> 'causes' as causes, h.error ->> 'trace' as trace
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id
where h.event = 'status' and (h.error is not null or h.to_status = 'failed');
comment on view ${audit}.failures is
    'One row per failed attempt, also of operations that completed later: the error, its causes and stack trace '
    '(bounded), and '
    'what followed (pending: another attempt; failed: it was the last).';

create or replace view ${audit}.operation_count as
select namespace, type, queue, status, sum(number)::bigint as number
from (select namespace, type, queue, status, number from operation_count
      union all select namespace, type, queue, to_status, number from count_delta where to_status is not null
      union all select namespace, type, queue, from_status, -number from count_delta
          where from_status <> 'submitted') as counted
group by namespace, type, queue, status
having sum(number) <> 0;
comment on view ${audit}.operation_count is
    'Operations per type, queue and status; kept with each change, so it costs the same with ten million operations '
    'as with ten.';

create or replace view ${audit}.throughput_hourly as
select hour, namespace, type, queue,
       coalesce(sum(entered) filter (where status = 'submitted'), 0)::bigint as submitted,
       coalesce(sum(entered) filter (where status = 'running'), 0)::bigint as started,
       coalesce(sum(entered) filter (where status = 'completed'), 0)::bigint as completed,
       coalesce(sum(entered) filter (where status = 'failed'), 0)::bigint as failed,
       coalesce(sum(entered) filter (where status = 'cancelled'), 0)::bigint as cancelled,
       coalesce(sum(entered) filter (where status = 'pending'), 0)::bigint as requeued
from (select hour, namespace, type, queue, status, entered from hourly_count
      union all
      select date_trunc('hour', at, 'UTC'), namespace, type, queue, case from_status when 'submitted'
          then 'submitted' else to_status end, number
      from count_delta where from_status is not null and to_status is not null) as entry
group by hour, namespace, type, queue;
comment on view ${audit}.throughput_hourly is
    'One row per hour, type and queue: operations submitted, started, completed, failed, cancelled and requeued. '
    'Counted when it '
    'happened, so it stays when the operations have left.';

create or replace view ${audit}.slow_operations as
with usual as (
    select type, count(*) as completed,
           percentile_cont(0.5) within group (order by finished_at - started_at) as p50,
           percentile_cont(0.95) within group (order by finished_at - started_at) as p95
    from operation
    where status = 'completed' and id >= operation_id_at(now() - interval '7 days')
    group by type having count(*) >= 20)
select o.id, o.type, o.queue, o.status, o.started_at, coalesce(o.finished_at, now()) - o.started_at as took,
    u.p50 as typical, u.p95,
       round((extract(epoch from coalesce(o.finished_at, now()) - o.started_at) / nullif(extract(epoch from u.p50),
           0))::numeric, 1) as times_typical,
       o.attempt, o.progress, o.message
from operation o join usual u on u.type = o.type
where o.id >= operation_id_at(now() - interval '7 days') and o.started_at is not null
    and coalesce(o.finished_at, now()) - o.started_at > u.p95;
comment on view ${audit}.slow_operations is
    'One row per operation of the last 7 days that took, or is taking, longer than 95 of 100 of its type. Types of '
    'which fewer '
    'than 20 completed are left out.';

create or replace view ${audit}.stuck as
select o.id, o.type, o.queue, o.status, found.since, now() - found.since as lasts, found.why, o.attempt,
    w.name as worker, o.progress, o.message
from operation o
left join worker w on w.id = o.worker_id
left join queue q on q.name = o.queue and q.namespace = o.namespace
cross join lateral (values
    (o.status = 'running' and w.lease_until < now() - interval '1 minute', w.lease_until,
        'its worker lease expired, and no node takes it back: does one run?'),
    (o.status = 'running' and o.cancel_requested_at < now() - interval '10 minutes', o.cancel_requested_at,
        'does not notice its cancel request'),
    (o.status = 'running' and o.cancel_requested_at is null and o.updated_at < now() - interval '1 hour',
        o.updated_at, 'has reported nothing for an hour'),
    (o.status = 'pending' and not o.delayed and o.run_at < now() - interval '10 minutes', o.run_at,
        case when q.paused and (q.resume_at is null or q.resume_at > now()) then 'its queue is paused'
             when q.max_running is not null then 'waits for its queue, which has a limit, or for a free slot'
             else 'no worker claims it: no free slot, or no node at all' end),
    (o.delayed and not o.paused and o.run_at < now() - interval '1 minute', o.run_at,
        'is due, and no node wakes it: does one run?'),
    (o.status = 'waiting' and o.waits_for = 'answer' and o.updated_at < now() - interval '1 day', o.updated_at,
        'its input request has no answer'),
    (o.paused and o.updated_at < now() - interval '1 day', o.updated_at,
        'somebody paused it and left it so')) as found (is_so, since, why)
where o.status in ('pending', 'running', 'waiting') and found.is_so;
comment on view ${audit}.stuck is
    'One row per operation that should have moved and did not, since when and why. None is the usual answer.';

create or replace view ${audit}.workflow_timeline as
select n.workflow_id, w.name as workflow, n.position, n.name as node, n.status as node_status, n.run_when,
       array(select d.from_node from workflow_dependency d where d.workflow_id = n.workflow_id and d.to_node = n.name
           order by 1) as dependencies,
       n.total, n.finished, n.failed, n.finished_at as node_finished_at, o.fan_out_index as item,
           o.id as operation_id, o.type, o.status, o.attempt,
       o.created_at as submitted_at, o.started_at, o.finished_at, o.started_at - o.created_at as waited,
           o.finished_at - o.started_at as ran,
       coalesce(o.error, n.error) ->> 'message' as error
from workflow_node n join workflow w on w.id = n.workflow_id left join operation o on o.parent_id = n.workflow_id
    and o.workflow_node = n.name;
comment on view ${audit}.workflow_timeline is
    'One row per operation of a workflow, in the order of its graph, and one per node without any.';
