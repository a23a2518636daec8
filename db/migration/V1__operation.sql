-- Safe online: no. It belongs to the first edition: there is no service before it.
-- The tables of operations. Functions and triggers are in the repeatable migrations (R__…), which may be edited;
-- versioned migrations (V…) only add from here on, and no statement of theirs calls a repeatable one.
--
-- One row of `operation` is one long-running operation. The schema keeps five promises about it:
--   1. A row moves only along the edges of operation_transition, for any client.            (record_change)
--   2. Each change that matters adds one row to operation_history, which is append-only.     (record_submission,
-- record_change)
--   3. `version` grows by one with each change, `history_seq` with each history row.         (normalize_manual_update,
-- record_change)
--   4. Each change is announced by NOTIFY, after its commit.                                 (record_submission,
-- record_change)
--   5. The cost of a change follows the number of live operations, not of kept ones.         (partitions, below)
--
-- `operation` has two partitions by status. `operation_live` is one small table that is updated in place.
-- `operation_past` gets a row once, when the operation ends, and is partitioned by range of ids, that is by time of
-- submission. A statement with a literal status list of live statuses opens operation_live alone, whatever is kept.
-- Measured one by one: 1.9 ms of CPU per operation, against 4.8 ms with 40 partitions by day of one table.
--
-- An UPDATE of the status moves the row. A statement that waits for the row lock meanwhile gets SQLSTATE 40001
-- ("tuple to be locked was already moved"): repeat it.

-- ids ----------------------------------------------------------------------------------------------------------------

-- A new UUIDv7 by the database's clock: 48 bits of milliseconds, 12 bits of their fraction, 62 random bits.
-- PostgreSQL 18 has a function for it. The other branch takes ten times as long, a quarter of a bulk submission.
do $$
begin
    if current_setting('server_version_num')::int >= 180000 then
        create function operation_id() returns uuid language sql volatile parallel safe return uuidv7();
    else
        create function operation_id() returns uuid
            language sql volatile parallel safe
        return (
            select encode(
                overlay(
                    overlay(uuid_send(gen_random_uuid())
                        placing substring(int8send(floor(ms)::bigint) from 3) from 1 for 6)
                    placing substring(int4send(28672 + floor((ms - floor(ms)) * 4096)::int) from 3) from 7 for 2),
                'hex')::uuid
            from (select extract(epoch from clock_timestamp()) * 1000) as clock (ms));
    end if;
end
$$;

-- The lowest id of a time: `where id >= operation_id_at(now() - interval '1 day')` opens the last day's partitions
-- only.
create function operation_id_at(moment timestamptz) returns uuid
    language sql immutable parallel safe
return (encode(substring(int8send(floor(extract(epoch from moment) * 1000)::bigint) from 3), 'hex')
        || '00000000000000000000')::uuid;

-- The day of submission (UTC), which is in the id.
create function operation_day(id uuid) returns date
    language sql immutable parallel safe
return (to_timestamp(('x' || left(translate(id::text, '-', ''),
    12))::bit(48)::bigint / 1000.0) at time zone 'UTC')::date;

-- operations ---------------------------------------------------------------------------------------------------------

create table operation_transition (
    from_status text not null,
    to_status   text not null,
    meaning     text not null,
    primary key (from_status, to_status)
);
comment on table operation_transition is
    'The only moves of an operation''s status. dev.longhaul.operation.Status declares the same; a test compares them.';

insert into operation_transition (from_status, to_status, meaning) values
    ('pending',   'running',   'claimed by a worker'),
    ('pending',   'cancelled', 'cancelled before it started'),
    ('pending',   'failed',    'failed before it started: a deadline passed, or too many worker leases expired'),
    ('running',   'pending',
        'to be retried: an attempt failed, a worker lease expired, or a draining worker released it'),
    ('running',   'waiting',   'sleeps or waits; no thread is held'),
    ('running',   'completed', 'the task returned'),
    ('running',   'failed',    'the last attempt failed, or the failure is one that no retry mends'),
    ('running',   'cancelled', 'the task noticed the cancel request and stopped'),
    ('waiting',   'pending',   'the awaited event came'),
    ('waiting',   'cancelled', 'cancelled while it waited'),
    ('waiting',   'failed',    'a deadline passed while it waited'),
    ('failed',    'pending',   'retried by request'),
    ('cancelled', 'pending',   'retried by request');

-- Columns of fixed width that are never null come first: PostgreSQL finds them without a walk through the row.
create table operation (
    id                  uuid         not null default operation_id(),
    -- not claimed before; infinity while it waits for an event
    run_at              timestamptz  not null default now(),
    created_at          timestamptz  not null default now(),
    updated_at          timestamptz  not null default now(),
    version             bigint       not null default 1,           -- the event id of its streams
    history_seq         integer      not null default 1,
    -- runs begun; going on after a wait or a drain is not counted
    attempt             integer      not null default 0,
    max_attempts        integer      not null default 5,           -- failed attempts before it fails for good
    failures            integer      not null default 0,           -- failed attempts so far
    -- expired worker leases in a row without a checkpoint
    worker_losses       integer      not null default 0,
    log_lines           integer      not null default 0,           -- logged lines; those beyond a limit are not stored
    answer_count        integer      not null default 0,           -- answered input requests
    weight              real         not null default 1,           -- share in the progress of its parent
    priority            smallint     not null default 0,           -- higher first
    delayed             boolean      not null default false,       -- pending or waiting, and not claimed before run_at
    -- not claimed; a running one stops at its next checkpoint
    paused              boolean      not null default false,
    continues_attempt   boolean      not null default false,       -- the next claim goes on with this attempt
    awaits_slot         boolean      not null default false,       -- could be claimed, but its key has no free slot
    holds_slot          boolean      not null default false,       -- has a slot of its key, and may be claimed or runs
    progress            numeric(5,2) not null default 0,           -- percent. numeric: a double takes NaN and Infinity
    status              text         not null default 'pending',
    namespace           text         not null default 'default',   -- part of each name: of queue, type, schedule, keys
    type                text         not null,                     -- which task runs it
    queue               text         not null default 'default',
    changed_by          text         not null default session_user, -- the principal of the last change
    source              text         not null default 'sql',       -- of the last change: engine, mcp, rest, cli, sql …
    tags                text[]       not null default '{}',
    metadata            jsonb        not null default '{}',
    input               jsonb        not null default '{}',
    -- '': nodes claim it; a type: its remote workers; null: its creator runs it
    claim_group         text         default '',
    -- fencing token: random, new with each claim; each write of a run names it
    run_id              uuid,
    worker_id           uuid,                                      -- no foreign key: a claim would pay for it
    started_at          timestamptz,                               -- of the first attempt
    attempt_started_at  timestamptz,
    finished_at         timestamptz,
    cancel_requested_at timestamptz,
    progress_current    bigint,
    progress_total      bigint,
    message             text,
    reason              text,                                      -- of the last change
    output              jsonb,
    -- of the last failed attempt: {"type", "message", "trace"}
    error               jsonb,
    waits_for           text,                                      -- of a waiting one: time, answer, operations
    awaited_ids         uuid[],                                    -- the children it waits for; null: all
    parent_id           uuid,                                      -- the operation whose task submitted it
    workflow_node       text,                                      -- of a child of a workflow: its node,
    fan_out_index       integer,                                   -- and the element of the node's list, from 0
    rerun_of            uuid,                                      -- the operation that it repeats
    schedule_id         uuid,
    -- at most concurrency_limit of a key run at once, on all nodes
    concurrency_key     text,
    concurrency_limit   integer,
    -- and at most rate_limit of a key start within rate_period
    rate_limit          integer,
    rate_period         interval,
    -- e.g. {"kind": "fixed", "delay": "PT30S"}; null: the task's
    retry_policy        jsonb,
    timeout             interval,                                  -- of one attempt; null: none
    heartbeat_timeout   interval,                                  -- between two reports of a run; null: none
    start_by            timestamptz,                               -- fails unless its first attempt has started by then
    deadline            timestamptz,                               -- fails unless it has finished by then
    trace_parent        text,                                      -- W3C trace context of the submission
    task_version        text,                                      -- version of the task that ran it last
    -- key of the encrypted fields of input and output; null: none
    encryption_key_id   text,
    erased_at           timestamptz,                               -- its data was erased: see erase_data()
    -- Few: a statement parses each check anew, 25 of them took a quarter of a short one. Triggers check the rest.
    constraint run_iff_running    check ((status = 'running') = (run_id is not null)
                                         and (status = 'running') = (worker_id is not null)),
    constraint finished_iff_final check ((status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
    constraint waits_iff_waiting  check (waits_for in ('time', 'answer', 'operations')
                                         and (waits_for is not null) = (status = 'waiting'))
) partition by list (status);

-- Room on each page keeps progress reports heap-only updates; early vacuums keep dead rows out of the way of claims.
create table operation_live partition of operation for values in ('pending', 'running', 'waiting')
    with (fillfactor = 65, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
          autovacuum_vacuum_cost_delay = 1);
create table operation_past partition of operation for values in ('completed', 'failed', 'cancelled')
    partition by range (id);
-- Finished operations whose range has no partition: it has left already (see R__11_retention.sql), or was never made.
create table operation_past_default partition of operation_past default;

-- The key of a partitioned table must contain the partition key, hence one key per partition. That no id is in both:
-- the database makes ids, and operation_history refuses a second first entry.
alter table operation_live add primary key (id);
alter table operation_past add primary key (id);

-- No index names a column that a progress report changes, so reports are heap-only updates:
-- an index that did would end them (99.7 % -> 49.9 % measured).

-- What can be claimed, in the order of claims. An operation of tomorrow is not in it.
create index operation_ready on operation_live (claim_group, queue, priority desc, run_at, id)
    where status = 'pending' and not delayed;
-- What becomes claimable by time alone.
create index operation_due on operation_live (run_at) where delayed and not paused and not awaits_slot;
-- What fails by time alone.
create index operation_expiring on operation_live (least(deadline, case when started_at is null then start_by end))
    where status in ('pending', 'waiting') and (deadline is not null or start_by is not null);
-- Limits of runs that no node's clock watches.
create index operation_watched on operation_live (id)
    where status = 'running' and claim_group is distinct from ''
      and (timeout is not null or heartbeat_timeout is not null or deadline is not null);
create index operation_held on operation_live (worker_id) where status = 'running';
create index operation_awaiting on operation_live (id) where waits_for in ('answer', 'operations');
create index operation_child on operation_live (parent_id) where parent_id is not null;
create index operation_scheduled on operation_live (schedule_id) where schedule_id is not null;
create index operation_awaits_slot on operation_live (concurrency_key, priority desc, id) where awaits_slot;
create index operation_holds_slot on operation_live (concurrency_key) where holds_slot;
create index operation_key on operation_live (concurrency_key, id) where concurrency_key is not null;
create index operation_rerun on operation_live (rerun_of) where rerun_of is not null;
create index operation_tags on operation_live using gin (tags) where tags <> '{}';
create index operation_metadata on operation_live using gin (metadata jsonb_path_ops) where metadata <> '{}';

-- Lists of finished operations, the newest first. The pattern operators serve `type:report.*` too.
create index operation_past_type on operation_past (type text_pattern_ops, id);
create index operation_past_queue on operation_past (queue text_pattern_ops, id);
create index operation_past_not_completed on operation_past (status, id) where status in ('failed', 'cancelled');
create index operation_past_child on operation_past (parent_id, status) where parent_id is not null;
create index operation_past_key on operation_past (concurrency_key, id) where concurrency_key is not null;
create index operation_past_rerun on operation_past (rerun_of) where rerun_of is not null;
create index operation_past_tags on operation_past using gin (tags) where tags <> '{}';
create index operation_past_metadata on operation_past using gin (metadata jsonb_path_ops) where metadata <> '{}';
