-- Safe online: yes. A schema of views, which no service reads.
-- What an auditor may read: views of every table that tells what happened, for the role longhaul_reader.
--
-- They leave out what was given to a task and what it made (input, output, the results of steps), since that is its users' data,
-- and run_id, since whoever knows the token of a run can speak for it. Errors are there: an auditor asks why.
-- db/audit has the questions to begin with; they read these views and nothing else.
create schema audit;

create view audit.operation as
select id, type, queue, lane, priority, status, parked, run_at, attempt, max_attempts, failures, losses, resume, worker_id,
       retry_policy, timeout, heartbeat_timeout, start_by, deadline, concurrency_key, concurrency_limit, rate_starts, rate_per, in_line, has_turn, tags, metadata,
       trace_parent, paused, waits_for, parent_id, weight, rerun_of, answers, log_lines,
       schedule_id, node, item,
       progress, progress_current, progress_total, message, version, history_seq, cancel_requested_at,
       created_at, started_at, attempt_started_at, updated_at, finished_at, error, changed_by, changed_via, reason
from operation;
comment on view audit.operation is 'Every operation, all of its columns but what belongs to its users (input, output) and run_id.';

create view audit.operation_history as
select operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, changed_via, reason, progress, message,
       worker_id, error, changes, txid
from operation_history;
comment on view audit.operation_history is 'Every change that matters, as it was recorded, without run_id. For people: audit.history.';

create view audit.operation_step as
select operation_id, name, attempt, finished_at
from operation_step;
comment on view audit.operation_step is 'The checkpoints of operations, without their results.';

create view audit.operation_question as
select operation_id, name, kind, action, options, risk, asked_at, answer_by, answer, answered_at, answered_by, answered_via
from operation_question;
comment on view audit.operation_question is 'The questions of operations to people, and the answers: who, when, through which door.';

create view audit.operation_transition as
select from_status, to_status, meaning
from operation_transition;
comment on view audit.operation_transition is 'The moves that a status may make.';

-- What belongs to the users of operations. Nobody reads it unless somebody decides so: grant select on audit.operation_data to ann.
create view audit.operation_data as
select id, type, input, output
from operation;
comment on view audit.operation_data is 'What was given to operations and what they made. Not granted to longhaul_reader: whoever may see it gets it by name.';

create view audit.operation_step_data as
select operation_id, name, result
from operation_step;
comment on view audit.operation_step_data is 'The results of checkpoints. Not granted to longhaul_reader: whoever may see them gets it by name.';

create view audit.queue as
select name, paused, resume_at, max_running, changed_at, changed_by, changed_via, reason
from queue;
comment on view audit.queue is 'What people said about queues: paused, limited.';

create view audit.queue_history as
select name, at, paused, resume_at, max_running, changed_by, changed_via, reason
from queue_history;
comment on view audit.queue_history is 'Every change of that: who, when, why.';

create view audit.worker as
select id, name, status, started_at, beat_at, lease_until, ended_at
from worker;
comment on view audit.worker is 'Every life of a node: since when, whether alive, lost or ended.';

-- ── views for people ────────────────────────────────────────────────────────────────────────────────────────────────
-- Each answers one kind of question without a join to know about; db/audit has an example of each.

create view audit.operations as
select id, type, queue, status, priority, tags,
       created_at as submitted_at,
       (select h.changed_by from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_by,
       (select h.changed_via from operation_history h where h.operation_id = o.id and h.seq = 1) as submitted_via,
       started_at, finished_at,
       coalesce(started_at, finished_at, now()) - created_at as waited_for,
       coalesce(finished_at, now()) - started_at as took,
       attempt, failures, progress, message,
       error ->> 'type' as error_type, error ->> 'message' as error,
       paused, waits_for, cancel_requested_at, parent_id,
       updated_at as changed_at, changed_by, changed_via, reason
from operation o;
comment on view audit.operations is 'One row per operation, for people: who asked for it, how long it waited and took (until now, if it is not over), and what became of it. For one day: where id >= operation_id_at(''2026-01-31Z'') and id < operation_id_at(''2026-02-01Z''), which reads that day alone.';

create view audit.history as
select h.operation_id, h.seq, h.at, o.type, h.event, h.from_status, h.to_status, h.attempt, h.changed_by, h.changed_via, w.name as worker,
       h.reason, h.changes, h.progress, h.message, h.error ->> 'type' as error_type, h.error ->> 'message' as error
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id;
comment on view audit.history is 'One row per change that matters: who made it (changed_by), through which door (changed_via: engine, mcp, rest, cli, dashboard, sql), from which status to which, why, and for an edit what was before and after (changes).';

create view audit.timeline as
select operation_id, type, status, attempt, worker, began, ended, coalesce(ended, now()) - began as lasted
from (
    select h.operation_id, o.type, h.to_status as status, h.attempt, case when h.to_status = 'running' then w.name end as worker, h.at as began,
           lead(h.at) over (partition by h.operation_id order by h.seq) as ended
    from operation_history h
    left join operation o on o.id = h.operation_id
    left join worker w on w.id = h.worker_id
    where h.from_status is distinct from h.to_status) as stay
where status in ('pending', 'running', 'waiting');
comment on view audit.timeline is 'One row per stay of an operation in a status that is not final, ready for a Gantt chart: from when (began) until when (ended; null: it still is), in which attempt, on which worker.';

create view audit.failures as
select h.operation_id, h.seq, o.type, o.queue, h.attempt, h.at, h.error ->> 'type' as error_type, coalesce(h.error ->> 'message', h.reason) as message,
       h.to_status as led_to, w.name as worker, h.error -> 'causes' as causes, h.error ->> 'trace' as trace
from operation_history h
left join operation o on o.id = h.operation_id
left join worker w on w.id = h.worker_id
where h.event = 'status' and (h.error is not null or h.to_status = 'failed');
comment on view audit.failures is 'One row per attempt that failed, also of operations that succeeded later: what kind of error, its message, causes and stack trace (bounded), and what it led to (pending: another attempt; failed: it was the last).';

create view audit.operation_count as
select type, queue, status, sum(number)::bigint as number
from (select type, queue, status, number from operation_count union all select type, queue, status, more from operation_delta) as counted
group by type, queue, status
having sum(number) <> 0;
comment on view audit.operation_count is 'How many operations there are of each type and queue in each status; kept with every change, so that it costs the same with ten million operations as with ten.';

create view audit.throughput_hourly as
select hour, type, queue,
       coalesce(sum(entered) filter (where status = 'submitted'), 0)::bigint as submitted,
       coalesce(sum(entered) filter (where status = 'running'), 0)::bigint as started,
       coalesce(sum(entered) filter (where status = 'completed'), 0)::bigint as completed,
       coalesce(sum(entered) filter (where status = 'failed'), 0)::bigint as failed,
       coalesce(sum(entered) filter (where status = 'cancelled'), 0)::bigint as cancelled,
       coalesce(sum(entered) filter (where status = 'pending'), 0)::bigint as put_back
from (select hour, type, queue, status, entered from operation_hour
      union all select date_trunc('hour', at, 'UTC'), type, queue, status, entered from operation_delta where entered > 0) as entry
group by hour, type, queue;
comment on view audit.throughput_hourly is 'One row per hour, type and queue: how many operations were submitted, started, completed, failed, cancelled, and put back to be run again. Counted when it happened, so it stays when the operations of those days are gone.';

create view audit.slow_operations as
with usual as (
    select type, count(*) as completed,
           percentile_cont(0.5) within group (order by finished_at - started_at) as p50, percentile_cont(0.95) within group (order by finished_at - started_at) as p95
    from operation
    where status = 'completed' and id >= operation_id_at(now() - interval '7 days')
    group by type having count(*) >= 20)
select o.id, o.type, o.queue, o.status, o.started_at, coalesce(o.finished_at, now()) - o.started_at as took, u.p50 as usually, u.p95 as seldom_more_than,
       round((extract(epoch from coalesce(o.finished_at, now()) - o.started_at) / nullif(extract(epoch from u.p50), 0))::numeric, 1) as times_the_usual,
       o.attempt, o.progress, o.message
from operation o join usual u on u.type = o.type
where o.id >= operation_id_at(now() - interval '7 days') and o.started_at is not null and coalesce(o.finished_at, now()) - o.started_at > u.p95;
comment on view audit.slow_operations is 'One row per operation of the last 7 days that took, or is taking, longer than 95 of 100 of its type; types of which fewer than 20 completed are left out.';

create view audit.stuck as
select o.id, o.type, o.queue, o.status, found.since, now() - found.since as lasts, found.why, o.attempt, w.name as worker, o.progress, o.message
from operation o
left join worker w on w.id = o.worker_id
left join queue q on q.name = o.queue
cross join lateral (values
    (o.status = 'running' and w.lease_until < now() - interval '1 minute', w.lease_until, 'its worker is gone, and no node takes it over: does one run?'),
    (o.status = 'running' and o.cancel_requested_at < now() - interval '10 minutes', o.cancel_requested_at, 'does not notice that it was cancelled'),
    (o.status = 'running' and o.cancel_requested_at is null and o.updated_at < now() - interval '1 hour', o.updated_at, 'has said nothing for an hour'),
    (o.status = 'pending' and not o.parked and o.run_at < now() - interval '10 minutes', o.run_at,
        case when q.paused and (q.resume_at is null or q.resume_at > now()) then 'its queue is paused' when q.max_running is not null then 'waits for its queue, which has a limit, or for a free slot'
             else 'nobody claims it: no free slot, or no node at all' end),
    (o.parked and not o.paused and o.run_at < now() - interval '1 minute', o.run_at, 'is due, and no node wakes it: does one run?'),
    (o.status = 'waiting' and o.waits_for = 'answer' and o.updated_at < now() - interval '1 day', o.updated_at, 'nobody answers its question'),
    (o.paused and o.updated_at < now() - interval '1 day', o.updated_at, 'somebody paused it and left it so')) as found (is_so, since, why)
where o.status in ('pending', 'running', 'waiting') and found.is_so;
comment on view audit.stuck is 'One row per operation that should have moved and did not, with since when and why; none is the usual answer.';

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant usage on schema audit to longhaul_reader;
        grant select on all tables in schema audit to longhaul_reader;
        revoke select on audit.operation_data, audit.operation_step_data from longhaul_reader;
    end if;
end
$$;
