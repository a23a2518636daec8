-- What an auditor may read: views of each table that records what happened, for the role longhaul_reader.
--
-- They leave out input, output and the results of steps, which are the users' data, and run_id, since a caller that
-- knows
-- the fencing token of a run can write for it. Errors are there: an auditor asks why. db/audit has questions to begin
-- with; they read these views alone, in any search path.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
create schema if not exists ${audit};

create or replace function ${audit}.operation_id_at(moment timestamptz) returns uuid
    language sql immutable parallel safe
return operation_id_at(moment);

create or replace function ${audit}.recomputed_anchor(anchor integer, out operations bigint, out entries bigint,
    out head bytea)
    language sql stable security definer
begin atomic
    select r.operations, r.entries, r.head from recomputed_anchor(anchor) as r;
end;

-- tables -------------------------------------------------------------------------------------------------------------

create or replace view ${audit}.operation as
select id, namespace, type, queue, claim_group, priority, status, delayed, run_at, attempt, max_attempts, failures,
    worker_losses, continues_attempt,
       worker_id, retry_policy, timeout, heartbeat_timeout, start_by, deadline, concurrency_key, concurrency_limit,
           rate_limit, rate_period,
       awaits_slot, holds_slot, tags, metadata, trace_parent, paused, waits_for, parent_id, weight, rerun_of,
           answer_count, log_lines,
       schedule_id, workflow_node, fan_out_index, progress, progress_current, progress_total, message, version,
           history_seq, cancel_requested_at,
       created_at, started_at, attempt_started_at, updated_at, finished_at, error, changed_by, source, reason,
           task_version, encryption_key_id, erased_at
from operation;
comment on view ${audit}.operation is 'Each operation: all columns but the users'' data (input, output) and run_id.';

create or replace view ${audit}.operation_history as
select operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, recorded_by, source,
    reason, progress, message,
       worker_id, task_version, error, changes, txid, digest, texts_digest is not null as is_erased
from operation_history;
comment on view ${audit}.operation_history is
    'Each change that matters, as it was recorded, without run_id. For people: ${audit}.history.';

create or replace view ${audit}.operation_step as
select operation_id, name, attempt, finished_at from operation_step;
comment on view ${audit}.operation_step is 'The checkpoints of operations, without their results.';

create or replace view ${audit}.operation_log as
select operation_id, line, at, attempt, level, message from operation_log;
comment on view ${audit}.operation_log is 'Lines that tasks logged.';

create or replace view ${audit}.input_request as
select operation_id, name, kind, action, options, risk, requested_at, expires_at, answer, answered_at, answered_by,
    answer_source, erased_at
from input_request;
comment on view ${audit}.input_request is
    'Questions of operations to people, and the answers: by whom, when, through which source.';

create or replace view ${audit}.operation_transition as
select from_status, to_status, meaning from operation_transition;
comment on view ${audit}.operation_transition is 'The moves of a status.';

-- The users' data. Granted by name: grant select on ${audit}.operation_data to ann.
create or replace view ${audit}.operation_data as
select id, type, input, output from operation;
comment on view ${audit}.operation_data is
    'Input and output of operations. Not granted to longhaul_reader, but by name.';

create or replace view ${audit}.operation_step_data as
select operation_id, name, result from operation_step;
comment on view ${audit}.operation_step_data is 'The results of steps. Not granted to longhaul_reader, but by name.';

create or replace view ${audit}.queue as
select namespace, name, paused, resume_at, max_running, changed_at, changed_by, source, reason from queue;
comment on view ${audit}.queue is 'Paused and limited queues.';

create or replace view ${audit}.queue_history as
select namespace, name, at, paused, resume_at, max_running, changed_by, recorded_by, source, reason from queue_history;
comment on view ${audit}.queue_history is 'Each change of a queue.';

create or replace view ${audit}.worker as
select id, name, kind, status, started_at, heartbeat_at, lease_until, ended_at, lease, types, queues, draining_since,
    drained_by, drain_reason
from worker;
comment on view ${audit}.worker is 'Each life of a node or a remote worker.';

create or replace view ${audit}.remote_type as
select namespace, type, description, input_schema, retry_policy, version, registered_at, registered_by, changed_at,
    changed_by
from remote_type;
comment on view ${audit}.remote_type is 'Task types of remote workers.';

create or replace view ${audit}.rate_limit_start as
select namespace, concurrency_key, at from rate_limit_start;
comment on view ${audit}.rate_limit_start is 'Starts of operations whose key has a rate limit, of the last day.';

create or replace view ${audit}.schedule as
select id, namespace, name, cron, zone, every, once_at, anchor, jitter, overlap, catch_up, type, queue, priority,
    max_attempts, timeout, tags, metadata,
       paused, paused_at, paused_by, paused_reason, next_run_at, last_run_at, created_at, deleted_at, changed_at,
           changed_by, source, reason
from schedule;
comment on view ${audit}.schedule is 'Each schedule, without its input.';

create or replace view ${audit}.scheduled_run as
select s.namespace, s.name, r.schedule_id, r.scheduled_at, r.decided_at, r.decided_at - r.scheduled_at as late,
    r.cause, r.outcome, r.reason,
       r.operation_id, r.decided_by
from scheduled_run r join schedule s on s.id = r.schedule_id;
comment on view ${audit}.scheduled_run is 'Each run of a schedule: its operation, or why there is none.';

create or replace view ${audit}.schedule_history as
select schedule_id, at, event, spec, changed_by, recorded_by, source, reason from schedule_history;
comment on view ${audit}.schedule_history is 'Each change of a schedule by a principal.';

create or replace view ${audit}.webhook as
select id, namespace, url, events, filter, description, previous_secret_until, disabled, reason, deleted_at, created_at,
    created_by, changed_at, changed_by
from webhook;
comment on view ${audit}.webhook is 'Receivers of events, without their secrets.';

create or replace view ${audit}.webhook_delivery as
select d.id, d.webhook_id, d.event, d.operation_id, d.operation_seq, d.delivery_operation_id, d.created_at,
       a.at as attempted_at, a.status, a.duration_ms, a.error
from webhook_delivery d left join webhook_attempt a on a.delivery_id = d.id;
comment on view ${audit}.webhook_delivery is 'Each attempt to deliver an event.';

create or replace view ${audit}.retention_hold as
select operation_id, reason, held_at, held_by, released_at, released_by from retention_hold;
comment on view ${audit}.retention_hold is 'Operations that are kept until a principal releases them.';

create or replace view ${audit}.retired_partition as
select r.first_day, r.end_day, r.operations, r.retained, r.retired_at, e.folder as exported_to,
    e.operation_id as exported_by, e.exported_at
from retired_partition r left join partition_export e on e.first_day = r.first_day;
comment on view ${audit}.retired_partition is
    'Ranges of days whose operations left: when, how many, how many stayed, and where they were exported to.';

-- evidence -----------------------------------------------------------------------------------------------------------

create or replace view ${audit}.chain_digest as
select d.operation_id, d.seq, d.hash, entry.hash as computed, entry.number as entries
from chain_digest d
cross join lateral (
    select count(*) as number, chain(case when h.seq = 1 then chain_link(uuid_send(h.operation_id), entry_digest(h))
        else entry_digest(h) end order by h.seq) as hash
    from operation_history h where h.operation_id = d.operation_id and h.seq <= d.seq) as entry;
comment on view ${audit}.chain_digest is
    'The newest link of the hash chain over each operation''s history, and the same computed now: where they differ, '
    'entries '
    'were changed, removed or added. db/audit/broken-digests.sql asks.';

create or replace view ${audit}.data_digest as
select o.id as operation_id, o.erased_at is not null as is_erased,
       (select h.digest from operation_history h where h.operation_id = o.id and h.seq = 1) as input_digest,
       sha256(convert_to(o.input::text, 'UTF8')) as input_computed,
       (select h.digest from operation_history h where h.operation_id = o.id and h.event = 'status'
           and h.to_status = 'completed'
        order by h.seq desc limit 1) as output_digest,
       sha256(convert_to(coalesce(o.output::text, ''), 'UTF8')) as output_computed,
       exists (select from operation_history h where h.operation_id = o.id and h.event = 'edited'
           and h.digest is not null) as is_edited
from operation o;
comment on view ${audit}.data_digest is
    'The digests of input and output that the history recorded, and the same computed now. They differ after an '
    'erasure or a '
    'recorded edit; otherwise the values were changed behind the triggers.';

create or replace view ${audit}.chain_state as select txid from chain_state;
comment on view ${audit}.chain_state is
    'How far the hash chains reach: they cover all entries of transactions before this number.';

create or replace view ${audit}.anchor as
select number, anchored_at, day, txid, operations, entries, encode(head, 'hex') as head, encode(hash, 'hex') as hash,
    key_id,
       encode(signature, 'base64') as signature,
       previous is not distinct from lag(hash) over (order by number)
           and hash = anchor_hash(previous, number, day, txid, operations, entries, head) as chains
from history_anchor;
comment on view ${audit}.anchor is
    'A daily sum of the chain digests: operations submitted that day, their entries, the head of the chain over '
    'their digests, '
    'and the signature of hash. Keep a copy elsewhere. chains: it fits the anchor before.';
