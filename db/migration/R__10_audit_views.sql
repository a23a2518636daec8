-- What an auditor may read: views of each table that records what happened, for the role longhaul_reader.
--
-- They leave out input, output and the results of steps, which are the users' data, and run_id, since a caller that knows
-- the fencing token of a run can write for it. Errors are there: an auditor asks why. db/audit has questions to begin
-- with; they read these views alone, in any search path.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
create schema if not exists audit;

create or replace function audit.operation_id_at(moment timestamptz) returns uuid language sql immutable parallel safe
return operation_id_at(moment);

create or replace function audit.recomputed_anchor(anchor integer, out operations bigint, out entries bigint, out head bytea)
    language sql stable security definer
begin atomic
    select r.operations, r.entries, r.head from recomputed_anchor(anchor) as r;
end;

-- tables -------------------------------------------------------------------------------------------------------------

create or replace view audit.operation as
select id, namespace, type, queue, claim_group, priority, status, delayed, run_at, attempt, max_attempts, failures, worker_losses, continues_attempt,
       worker_id, retry_policy, timeout, heartbeat_timeout, start_by, deadline, concurrency_key, concurrency_limit, rate_limit, rate_period,
       awaits_slot, holds_slot, tags, metadata, trace_parent, paused, waits_for, parent_id, weight, rerun_of, answer_count, log_lines,
       schedule_id, workflow_node, fan_out_index, progress, progress_current, progress_total, message, version, history_seq, cancel_requested_at,
       created_at, started_at, attempt_started_at, updated_at, finished_at, error, changed_by, source, reason, task_version, encryption_key_id, erased_at
from operation;
comment on view audit.operation is 'Each operation: all columns but the users'' data (input, output) and run_id.';

create or replace view audit.operation_history as
select operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, recorded_by, source, reason, progress, message,
       worker_id, task_version, error, changes, txid, digest, texts_digest is not null as is_erased
from operation_history;
comment on view audit.operation_history is 'Each change that matters, as it was recorded, without run_id. For people: audit.history.';

create or replace view audit.operation_step as
select operation_id, name, attempt, finished_at from operation_step;
comment on view audit.operation_step is 'The checkpoints of operations, without their results.';

create or replace view audit.operation_log as
select operation_id, line, at, attempt, level, message from operation_log;
comment on view audit.operation_log is 'Lines that tasks logged.';

create or replace view audit.input_request as
select operation_id, name, kind, action, options, risk, requested_at, expires_at, answer, answered_at, answered_by, answer_source, erased_at
from input_request;
comment on view audit.input_request is 'Questions of operations to people, and the answers: by whom, when, through which source.';

create or replace view audit.operation_transition as
select from_status, to_status, meaning from operation_transition;
comment on view audit.operation_transition is 'The moves of a status.';

-- The users' data. Granted by name: grant select on audit.operation_data to ann.
create or replace view audit.operation_data as
select id, type, input, output from operation;
comment on view audit.operation_data is 'Input and output of operations. Not granted to longhaul_reader, but by name.';

create or replace view audit.operation_step_data as
select operation_id, name, result from operation_step;
comment on view audit.operation_step_data is 'The results of steps. Not granted to longhaul_reader, but by name.';

create or replace view audit.queue as
select namespace, name, paused, resume_at, max_running, changed_at, changed_by, source, reason from queue;
comment on view audit.queue is 'Paused and limited queues.';

create or replace view audit.queue_history as
select namespace, name, at, paused, resume_at, max_running, changed_by, recorded_by, source, reason from queue_history;
comment on view audit.queue_history is 'Each change of a queue.';

create or replace view audit.worker as
select id, name, kind, status, started_at, heartbeat_at, lease_until, ended_at, lease, types, queues, draining_since, drained_by, drain_reason
from worker;
comment on view audit.worker is 'Each life of a node or a remote worker.';

create or replace view audit.remote_type as
select namespace, type, description, input_schema, retry_policy, version, registered_at, registered_by, changed_at, changed_by
from remote_type;
comment on view audit.remote_type is 'Task types of remote workers.';

create or replace view audit.rate_limit_start as
select namespace, concurrency_key, at from rate_limit_start;
comment on view audit.rate_limit_start is 'Starts of operations whose key has a rate limit, of the last day.';

create or replace view audit.schedule as
select id, namespace, name, cron, zone, every, once_at, anchor, jitter, overlap, catch_up, type, queue, priority, max_attempts, timeout, tags, metadata,
       paused, paused_at, paused_by, paused_reason, next_run_at, last_run_at, created_at, deleted_at, changed_at, changed_by, source, reason
from schedule;
comment on view audit.schedule is 'Each schedule, without its input.';

create or replace view audit.scheduled_run as
select s.namespace, s.name, r.schedule_id, r.scheduled_at, r.decided_at, r.decided_at - r.scheduled_at as late, r.cause, r.outcome, r.reason,
       r.operation_id, r.decided_by
from scheduled_run r join schedule s on s.id = r.schedule_id;
comment on view audit.scheduled_run is 'Each run of a schedule: its operation, or why there is none.';

create or replace view audit.schedule_history as
select schedule_id, at, event, spec, changed_by, recorded_by, source, reason from schedule_history;
comment on view audit.schedule_history is 'Each change of a schedule by a principal.';

create or replace view audit.webhook as
select id, namespace, url, events, filter, description, previous_secret_until, disabled, reason, created_at, created_by, changed_at, changed_by
from webhook;
comment on view audit.webhook is 'Receivers of events, without their secrets.';

create or replace view audit.webhook_delivery as
select d.id, d.webhook_id, d.event, d.operation_id, d.operation_seq, d.delivery_operation_id, d.created_at,
       a.at as attempted_at, a.status, a.duration_ms, a.error
from webhook_delivery d left join webhook_attempt a on a.delivery_id = d.id;
comment on view audit.webhook_delivery is 'Each attempt to deliver an event.';

create or replace view audit.retention_hold as
select operation_id, reason, held_at, held_by, released_at, released_by from retention_hold;
comment on view audit.retention_hold is 'Operations that are kept until a principal releases them.';

create or replace view audit.retired_partition as
select r.first_day, r.end_day, r.operations, r.retained, r.retired_at, e.folder as exported_to, e.operation_id as exported_by, e.exported_at
from retired_partition r left join partition_export e on e.first_day = r.first_day;
comment on view audit.retired_partition is 'Ranges of days whose operations left: when, how many, how many stayed, and where they were exported to.';

-- evidence -----------------------------------------------------------------------------------------------------------

create or replace view audit.chain_digest as
select d.operation_id, d.seq, d.hash, entry.hash as computed, entry.number as entries
from chain_digest d
cross join lateral (
    select count(*) as number, chain(case when h.seq = 1 then chain_link(uuid_send(h.operation_id), entry_digest(h)) else entry_digest(h) end order by h.seq) as hash
    from operation_history h where h.operation_id = d.operation_id and h.seq <= d.seq) as entry;
comment on view audit.chain_digest is
    'The newest link of the hash chain over each operation''s history, and the same computed now: where they differ, entries '
    'were changed, removed or added. db/audit/broken-digests.sql asks.';

create or replace view audit.data_digest as
select o.id as operation_id, o.erased_at is not null as is_erased,
       (select h.digest from operation_history h where h.operation_id = o.id and h.seq = 1) as input_digest,
       sha256(convert_to(o.input::text, 'UTF8')) as input_computed,
       (select h.digest from operation_history h where h.operation_id = o.id and h.event = 'status' and h.to_status = 'completed'
        order by h.seq desc limit 1) as output_digest,
       sha256(convert_to(coalesce(o.output::text, ''), 'UTF8')) as output_computed,
       exists (select from operation_history h where h.operation_id = o.id and h.event = 'edited' and h.digest is not null) as is_edited
from operation o;
comment on view audit.data_digest is
    'The digests of input and output that the history recorded, and the same computed now. They differ after an erasure or a '
    'recorded edit; otherwise the values were changed behind the triggers.';

create or replace view audit.chain_state as select txid from chain_state;
comment on view audit.chain_state is 'How far the hash chains reach: they cover all entries of transactions before this number.';

create or replace view audit.anchor as
select number, anchored_at, day, txid, operations, entries, encode(head, 'hex') as head, encode(hash, 'hex') as hash, key_id,
       encode(signature, 'base64') as signature,
       previous is not distinct from lag(hash) over (order by number) and hash = anchor_hash(previous, number, day, txid, operations, entries, head) as chains
from history_anchor;
comment on view audit.anchor is
    'A daily sum of the chain digests: operations submitted that day, their entries, the head of the chain over their digests, '
    'and the signature of hash. Keep a copy elsewhere. chains: it fits the anchor before.';

-- for people ---------------------------------------------------------------------------------------------------------
-- Each answers one kind of question without a join; db/audit has an example of each.

create or replace view audit.operations as
select id, namespace, type, queue, status, priority, tags, created_at as submitted_at,
       (select h.changed_by from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_by,
       (select h.source from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_from,
       started_at, finished_at,
       coalesce(started_at, finished_at, now()) - created_at as waited_for,
       coalesce(finished_at, now()) - started_at as took,
       attempt, failures, progress, message, error ->> 'type' as error_type, error ->> 'message' as error,
       paused, waits_for, cancel_requested_at, parent_id, updated_at as changed_at, changed_by, source, reason
from operation o;
comment on view audit.operations is
    'One row per operation, for people: who submitted it, how long it waited and took (until now, if it has not finished), and '
    'how it ended. Of one day: where id >= audit.operation_id_at(''2026-01-31Z'') and id < audit.operation_id_at(''2026-02-01Z'').';

create or replace view audit.history as
select h.operation_id, h.seq, h.at, o.type, h.event, h.from_status, h.to_status, h.attempt, h.changed_by, h.recorded_by, h.source, w.name as worker,
       h.reason, h.changes, h.progress, h.message, h.error ->> 'type' as error_type, h.error ->> 'message' as error
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id;
comment on view audit.history is
    'One row per change that matters: the principal (changed_by), the database role that recorded it (recorded_by), the source '
    '(engine, mcp, rest, cli, dashboard, sql), the move, why, and of an edit the values before and after (changes).';

create or replace view audit.timeline as
select operation_id, type, status, attempt, worker, began, ended, coalesce(ended, now()) - began as lasted
from (
    select h.operation_id, o.type, h.to_status as status, h.attempt, case when h.to_status = 'running' then w.name end as worker, h.at as began,
           lead(h.at) over (partition by h.operation_id order by h.seq) as ended
    from operation_history h
    left join operation o on o.id = h.operation_id
    left join worker w on w.id = h.worker_id
    where h.from_status is distinct from h.to_status) as stay
where status in ('pending', 'running', 'waiting');
comment on view audit.timeline is
    'One row per stay of an operation in a live status, ready for a Gantt chart: from when (began) until when (ended; null: it '
    'still is), in which attempt, on which worker.';

create or replace view audit.failures as
select h.operation_id, h.seq, o.type, o.queue, h.attempt, h.at, h.error ->> 'type' as error_type, coalesce(h.error ->> 'message', h.reason) as message,
       h.to_status as led_to, w.name as worker, h.error -> 'causes' as causes, h.error ->> 'trace' as trace
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id
where h.event = 'status' and (h.error is not null or h.to_status = 'failed');
comment on view audit.failures is
    'One row per failed attempt, also of operations that completed later: the error, its causes and stack trace (bounded), and '
    'what followed (pending: another attempt; failed: it was the last).';

create or replace view audit.operation_count as
select namespace, type, queue, status, sum(number)::bigint as number
from (select namespace, type, queue, status, number from operation_count
      union all select namespace, type, queue, to_status, number from count_delta where to_status is not null
      union all select namespace, type, queue, from_status, -number from count_delta where from_status <> 'submitted') as counted
group by namespace, type, queue, status
having sum(number) <> 0;
comment on view audit.operation_count is
    'Operations per type, queue and status; kept with each change, so it costs the same with ten million operations as with ten.';

create or replace view audit.throughput_hourly as
select hour, namespace, type, queue,
       coalesce(sum(entered) filter (where status = 'submitted'), 0)::bigint as submitted,
       coalesce(sum(entered) filter (where status = 'running'), 0)::bigint as started,
       coalesce(sum(entered) filter (where status = 'completed'), 0)::bigint as completed,
       coalesce(sum(entered) filter (where status = 'failed'), 0)::bigint as failed,
       coalesce(sum(entered) filter (where status = 'cancelled'), 0)::bigint as cancelled,
       coalesce(sum(entered) filter (where status = 'pending'), 0)::bigint as requeued
from (select hour, namespace, type, queue, status, entered from hourly_count
      union all
      select date_trunc('hour', at, 'UTC'), namespace, type, queue, case from_status when 'submitted' then 'submitted' else to_status end, number
      from count_delta where from_status is not null and to_status is not null) as entry
group by hour, namespace, type, queue;
comment on view audit.throughput_hourly is
    'One row per hour, type and queue: operations submitted, started, completed, failed, cancelled and requeued. Counted when it '
    'happened, so it stays when the operations have left.';

create or replace view audit.slow_operations as
with usual as (
    select type, count(*) as completed,
           percentile_cont(0.5) within group (order by finished_at - started_at) as p50,
           percentile_cont(0.95) within group (order by finished_at - started_at) as p95
    from operation
    where status = 'completed' and id >= operation_id_at(now() - interval '7 days')
    group by type having count(*) >= 20)
select o.id, o.type, o.queue, o.status, o.started_at, coalesce(o.finished_at, now()) - o.started_at as took, u.p50 as typical, u.p95,
       round((extract(epoch from coalesce(o.finished_at, now()) - o.started_at) / nullif(extract(epoch from u.p50), 0))::numeric, 1) as times_typical,
       o.attempt, o.progress, o.message
from operation o join usual u on u.type = o.type
where o.id >= operation_id_at(now() - interval '7 days') and o.started_at is not null and coalesce(o.finished_at, now()) - o.started_at > u.p95;
comment on view audit.slow_operations is
    'One row per operation of the last 7 days that took, or is taking, longer than 95 of 100 of its type. Types of which fewer '
    'than 20 completed are left out.';

create or replace view audit.stuck as
select o.id, o.type, o.queue, o.status, found.since, now() - found.since as lasts, found.why, o.attempt, w.name as worker, o.progress, o.message
from operation o
left join worker w on w.id = o.worker_id
left join queue q on q.name = o.queue and q.namespace = o.namespace
cross join lateral (values
    (o.status = 'running' and w.lease_until < now() - interval '1 minute', w.lease_until, 'its worker lease expired, and no node takes it back: does one run?'),
    (o.status = 'running' and o.cancel_requested_at < now() - interval '10 minutes', o.cancel_requested_at, 'does not notice its cancel request'),
    (o.status = 'running' and o.cancel_requested_at is null and o.updated_at < now() - interval '1 hour', o.updated_at, 'has reported nothing for an hour'),
    (o.status = 'pending' and not o.delayed and o.run_at < now() - interval '10 minutes', o.run_at,
        case when q.paused and (q.resume_at is null or q.resume_at > now()) then 'its queue is paused'
             when q.max_running is not null then 'waits for its queue, which has a limit, or for a free slot'
             else 'no worker claims it: no free slot, or no node at all' end),
    (o.delayed and not o.paused and o.run_at < now() - interval '1 minute', o.run_at, 'is due, and no node wakes it: does one run?'),
    (o.status = 'waiting' and o.waits_for = 'answer' and o.updated_at < now() - interval '1 day', o.updated_at, 'its input request has no answer'),
    (o.paused and o.updated_at < now() - interval '1 day', o.updated_at, 'somebody paused it and left it so')) as found (is_so, since, why)
where o.status in ('pending', 'running', 'waiting') and found.is_so;
comment on view audit.stuck is 'One row per operation that should have moved and did not, since when and why. None is the usual answer.';

create or replace view audit.workflow_timeline as
select n.workflow_id, w.name as workflow, n.position, n.name as node, n.status as node_status, n.run_when,
       array(select d.from_node from workflow_dependency d where d.workflow_id = n.workflow_id and d.to_node = n.name order by 1) as dependencies,
       n.total, n.finished, n.failed, n.finished_at as node_finished_at, o.fan_out_index as item, o.id as operation_id, o.type, o.status, o.attempt,
       o.created_at as submitted_at, o.started_at, o.finished_at, o.started_at - o.created_at as waited, o.finished_at - o.started_at as ran,
       coalesce(o.error, n.error) ->> 'message' as error
from workflow_node n join workflow w on w.id = n.workflow_id left join operation o on o.parent_id = n.workflow_id and o.workflow_node = n.name;
comment on view audit.workflow_timeline is 'One row per operation of a workflow, in the order of its graph, and one per node without any.';
