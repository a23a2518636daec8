-- What an auditor may read: views of every table that tells what happened, for the role longhaul_reader.
--
-- They leave out what was given to a task and what it made (input, output, the results of steps), since that is its users' data,
-- and run_id, since whoever knows the token of a run can speak for it. Errors are there: an auditor asks why.
-- db/audit has the questions to begin with; they read these views and nothing else.
create schema audit;

create view audit.operation as
select id, type, queue, lane, priority, status, parked, run_at, attempt, max_attempts, failures, losses, resume, worker_id,
       retry_policy, timeout, heartbeat_timeout, start_by, deadline, concurrency_key, concurrency_limit, rate_starts, rate_per, tags, metadata,
       trace_parent, paused, waits_for, parent_id, weight, rerun_of, answers, log_lines,
       schedule_id,
       progress, progress_current, progress_total, message, version, history_seq, cancel_requested_at,
       created_at, started_at, attempt_started_at, updated_at, finished_at, error, changed_by, changed_via, reason
from operation;

create view audit.operation_history as
select operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, changed_via, reason, progress, message,
       worker_id, error, txid
from operation_history;

create view audit.operation_step as
select operation_id, name, attempt, finished_at
from operation_step;

create view audit.operation_question as
select operation_id, name, kind, action, options, risk, asked_at, answer_by, answer, answered_at, answered_by, answered_via
from operation_question;

create view audit.operation_transition as
select from_status, to_status, meaning
from operation_transition;

create view audit.queue as
select name, paused, resume_at, max_running, changed_at, changed_by, changed_via, reason
from queue;

create view audit.queue_history as
select name, at, paused, resume_at, max_running, changed_by, changed_via, reason
from queue_history;

create view audit.worker as
select id, name, status, started_at, beat_at, lease_until, ended_at
from worker;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant usage on schema audit to longhaul_reader;
        grant select on all tables in schema audit to longhaul_reader;
    end if;
end
$$;
