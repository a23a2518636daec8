-- Safe online: no. It makes everything; there is no service before it.
-- One row of `operation` is one long-running operation. Everything else in this schema keeps four promises about it:
--   1. a row moves only along the edges of operation_transition, whoever writes it       (operation_updated)
--   2. every change of it that matters is one row of operation_history, append-only      (operation_inserted, operation_updated)
--   3. `version` grows by one with every change, `history_seq` with every history row    (operation_touched, operation_updated)
--   4. every change is announced after its commit                                        (operation_inserted, operation_updated)
--      NOTIFY operation_changed '<id>,<id>…'; operation_ready '<queue>' if something can be claimed by a node,
--      remote_ready '<type> <queue>' if by a remote worker;
--      operation_ordered '<id> cancel' (or pause, resume) if that is asked of a running task;
--      operation_child_over '<id>' if a child of that operation ended; of a workflow, if the last that was submitted did
-- The triggers are statement-level with transition tables: a batch of 200 changes costs one history insert and one
-- NOTIFY. Row-level triggers measured a quarter slower at full speed, and a NOTIFY per row takes a database-wide lock.
--
-- An operation's id is a UUIDv7, so its first 48 bits are the moment of its submission. `operation`, `operation_history`
-- and `operation_step` are partitioned by id and so by day of submission: a lookup by id visits one partition, and
-- retention drops whole days. 40 partitions cost a claim of 200 about a tenth.

-- ── ids ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A new UUIDv7 by the database's clock: 48 bits of milliseconds, 12 bits of their fraction, 62 random bits. PostgreSQL 18 has a function of its
-- own for it; the one for 15 to 17 takes ten times as long, a quarter of what a bulk submission costs.
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
                    overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(ms)::bigint) from 3) from 1 for 6)
                    placing substring(int4send(28672 + floor((ms - floor(ms)) * 4096)::int) from 3) from 7 for 2),
                'hex')::uuid
            from (select extract(epoch from clock_timestamp()) * 1000) as clock (ms));
    end if;
end
$$;

-- The lowest id of a moment: `where id >= operation_id_at(now() - interval '1 day')` reads only the last day's partitions.
create function operation_id_at(moment timestamptz) returns uuid
    language sql immutable parallel safe
return (encode(substring(int8send(floor(extract(epoch from moment) * 1000)::bigint) from 3), 'hex') || '00000000000000000000')::uuid;

-- ── the operation ───────────────────────────────────────────────────────────────────────────────────────────────────

create table operation_transition (
    from_status text not null,
    to_status   text not null,
    meaning     text not null,
    primary key (from_status, to_status)
);
comment on table operation_transition is 'The only moves an operation''s status may make. dev.longhaul.operation.Status declares the same; a test compares them.';

insert into operation_transition (from_status, to_status, meaning) values
    ('pending',   'running',   'claimed by a worker'),
    ('pending',   'cancelled', 'cancelled before it started'),
    ('pending',   'failed',    'given up before it started: a deadline passed, or its worker died too often'),
    ('running',   'pending',   'to be run again: an attempt failed, a worker was lost, or a draining worker released it'),
    ('running',   'waiting',   'sleeps or waits; no thread is held'),
    ('running',   'completed', 'the task returned'),
    ('running',   'failed',    'the last attempt failed, or the failure was one that no retry mends'),
    ('running',   'cancelled', 'the task noticed the cancel request and stopped'),
    ('waiting',   'pending',   'what it waited for came'),
    ('waiting',   'cancelled', 'cancelled while it waited'),
    ('waiting',   'failed',    'a deadline passed while it waited'),
    ('failed',    'pending',   'run again by request'),
    ('cancelled', 'pending',   'run again by request');

create table operation (
    id                  uuid         not null default operation_id(),
    type                text         not null,                     -- which task runs it
    queue               text         not null default 'default',
    lane                text         default '',                   -- who may claim it: '' the nodes, a type its remote workers; null nobody, its creator runs it
    priority            smallint     not null default 0,           -- higher first
    status              text         not null default 'pending',
    parked              boolean      not null default false,       -- pending or waiting, and not to be claimed before run_at
    run_at              timestamptz  not null default now(),
    attempt             integer      not null default 0,           -- how many times a run of it has begun, going on after a sleep or a drain not counted
    max_attempts        integer      not null default 5,           -- how many of them may fail by themselves
    failures            integer      not null default 0,           -- how many did
    losses              integer      not null default 0,           -- workers lost in a row without a checkpoint in between: poison shows here
    resume              boolean      not null default false,       -- the next claim goes on with this attempt instead of counting a new one
    run_id              uuid,                                      -- fencing token: fresh and random with every claim; every write of a run names it
    worker_id           uuid,                                      -- who runs it; no foreign key, a claim would pay for it
    retry_policy        jsonb,                                     -- the pauses between attempts, e.g. {"kind": "fixed", "delay": "PT30S"}; null: its task's, or the settings'
    timeout             interval,                                  -- run time allowed per attempt; null: none
    heartbeat_timeout   interval,                                  -- how long a run may say nothing at all; null: for ever
    start_by            timestamptz,                               -- fails unless its first attempt has begun by then
    deadline            timestamptz,                               -- fails unless it is over by then
    paused              boolean      not null default false,       -- somebody wants it to rest: it is not claimed, and a running one stops at its next checkpoint
    waits_for           text,                                      -- of a waiting one: time, answer (see operation_question), operations (its children)
    awaits              uuid[],                                    -- the children it waits for; null: all of them
    concurrency_key     text,                                      -- at most concurrency_limit of this key run at once, on all nodes together
    concurrency_limit   integer,
    rate_starts         integer,                                   -- and at most so many of the key begin within rate_per
    rate_per            interval,
    in_line             boolean      not null default false,       -- it could be claimed, but its key has no place for it yet; see V7__turns.sql
    has_turn            boolean      not null default false,       -- it has one of the places of its key, and may be claimed or runs
    tags                text[]       not null default '{}',        -- for people, as is metadata: an operation is found by them
    metadata            jsonb        not null default '{}',
    trace_parent        text,                                      -- W3C trace context of the request that submitted it
    parent_id           uuid,                                      -- the operation whose task submitted it
    weight              real         not null default 1,           -- its share in the progress of its parent
    rerun_of            uuid,                                      -- the operation it does over
    schedule_id         uuid,                                      -- the schedule that started it
    node                text,                                      -- of a workflow's operation (its parent): which node of the graph it carries out,
    item                integer,                                   -- and for which element of the node's list, from 0
    answers             integer      not null default 0,           -- how many of its questions have been answered
    log_lines           integer      not null default 0,           -- how many lines its tasks have logged; those beyond a limit are not kept
    progress            numeric(5,2) not null default 0,           -- percent. numeric, since a double takes NaN and Infinity
    progress_current    bigint,
    progress_total      bigint,
    message             text,
    version             bigint       not null default 1,
    history_seq         integer      not null default 1,
    cancel_requested_at timestamptz,
    created_at          timestamptz  not null default now(),
    started_at          timestamptz,                               -- of the first attempt
    attempt_started_at  timestamptz,
    updated_at          timestamptz  not null default now(),
    finished_at         timestamptz,
    input               jsonb        not null default '{}',
    output              jsonb,
    error               jsonb,                                     -- of the last failed attempt: {"type", "message", "trace"}
    changed_by          text         not null default session_user, -- who made the last change
    changed_via         text         not null default 'sql',       -- through which door: engine, mcp, rest, sql …
    reason              text,                                      -- why, where there is something to say
    primary key (id),
    constraint status_known        check (status in ('pending', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
    constraint run_iff_running     check ((status = 'running') = (run_id is not null) and (status = 'running') = (worker_id is not null)),
    constraint finished_iff_final  check ((status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
    constraint parked_is_not_run   check (not parked or status in ('pending', 'waiting')),
    constraint waiting_is_parked   check (status <> 'waiting' or parked),
    constraint progress_is_percent check (progress between 0 and 100),
    constraint completed_is_100    check (status <> 'completed' or progress = 100),
    constraint attempts_are_sane   check (attempt >= 0 and max_attempts between 1 and 1000 and failures >= 0 and losses >= 0),
    constraint timeouts_are_positive check (timeout > interval '0' and heartbeat_timeout > interval '0'),
    constraint paused_is_parked    check (not paused or parked or status = 'running'),
    constraint waits_for_something check (waits_for in ('time', 'answer', 'operations') and (waits_for is not null) = (status = 'waiting')),
    constraint item_is_of_a_node check (item is null or node is not null and item >= 0),
    constraint node_has_a_parent check (node is null or parent_id is not null),
    constraint concurrency_is_whole check ((concurrency_key is null) = (concurrency_limit is null) and concurrency_limit > 0),
    constraint rate_is_whole       check ((rate_starts is null) = (rate_per is null) and rate_starts > 0 and rate_per > interval '0'
                                          and (rate_starts is null or concurrency_key is not null)),
    constraint rate_is_within_a_day check (rate_per <= interval '1 day'),
    constraint in_line_is_parked   check (not in_line or (status = 'pending' and parked and not has_turn and concurrency_key is not null)),
    constraint turn_is_taken       check (not has_turn or (status in ('pending', 'running') and not parked and concurrency_key is not null)),
    constraint metadata_is_object  check (jsonb_typeof(metadata) = 'object'),
    constraint weight_is_sane      check (weight >= 0 and weight < 'infinity'),
    constraint names_are_short     check (length(type) between 1 and 200 and length(queue) between 1 and 200)
) partition by range (id);

-- What can be claimed, in the order of claiming: nothing dated tomorrow lies in a claim's way.
create index operation_ready on operation (lane, queue, priority desc, run_at, id) where status = 'pending' and not parked;
-- What becomes claimable by the clock alone.
create index operation_due on operation (run_at) where parked and not paused and not in_line;
-- What fails by the clock alone.
create index operation_expiring on operation (least(deadline, case when started_at is null then start_by end))
    where status in ('pending', 'waiting') and (deadline is not null or start_by is not null);
create index operation_children on operation (parent_id, status) where parent_id is not null;
create index operation_scheduled on operation (schedule_id) where schedule_id is not null and status in ('pending', 'waiting', 'running');
create index operation_awaiting on operation (id) where waits_for in ('answer', 'operations');
-- What a worker holds. No index names a column that a progress report changes, so reports are heap-only updates:
-- an index that did would end them (99.7 % -> 49.9 % measured).
create index operation_held on operation (worker_id) where status = 'running';
-- Lists, the newest first. Of what is not over they never pass by what is; and what is over gets its entries once, when it ends, since
-- nothing of it changes any more: an index of all rows would cost an operation three entries, as a claim and an end write the row anew.
-- The pattern operators serve `type:report.*` too.
create index operation_live on operation (id) where finished_at is null;
create index operation_over_type on operation (type text_pattern_ops, id) where finished_at is not null;
create index operation_over_queue on operation (queue text_pattern_ops, id) where finished_at is not null;
create index operation_not_completed on operation (status, id) where status in ('failed', 'cancelled');

create table operation_history (
    operation_id uuid         not null,
    seq          integer      not null,                -- 1..n without a gap, per operation
    version      bigint       not null,                -- of the operation with this change: the event id of its streams
    at           timestamptz  not null default clock_timestamp(),
    event        text         not null,                -- submitted, status, cancel_requested, paused, resumed, answered, edited, progress (a sample)
    from_status  text,
    to_status    text         not null,
    attempt      integer      not null,
    changed_by   text         not null,
    changed_via  text         not null,
    reason       text,
    progress     numeric(5,2) not null,
    message      text,
    worker_id    uuid,                                 -- who held it before or holds it after the change
    run_id       uuid,
    error        jsonb,                                -- what this change failed of
    changes      jsonb,                                -- what was edited: {"priority": [0, 5]}, before and after; nothing that belongs to its users (input, output)
    txid         bigint       not null default pg_current_xact_id()::text::bigint, -- who reads "all that is new" goes by it: see live.Feed
    primary key (operation_id, seq)
) partition by range (operation_id);
-- The table is only added to, so a block range's txids lie close together; a btree here would cost every change an entry.
create index operation_history_txid on operation_history using brin (txid) with (pages_per_range = 32, autosummarize = on);

create table operation_step (
    operation_id uuid        not null,
    name         text        not null,
    result       jsonb,
    attempt      integer     not null,
    finished_at  timestamptz not null default now(),
    primary key (operation_id, name)
) partition by range (operation_id);
comment on table operation_step is 'The finished steps of an operation (its checkpoints): a later attempt takes their results from here instead of computing them again.';

-- A question of an operation's task to a person. The operation waits for the answer, unless it has another one to wait for.
create table operation_question (
    operation_id uuid        not null,
    name         text        not null,                 -- the task's name for it, unique within the operation for ever
    kind         text        not null,
    action       text        not null,                 -- what is asked, for people, e.g. Send to 1,204 customers?
    data         jsonb,                                -- what it is about, e.g. the text to be reviewed
    options      text[],                               -- the answers to choose from; null: any that fits the schema
    schema       jsonb       not null,                 -- JSON Schema of the answer
    risk         text,                                 -- of an authorization: low, medium, high
    asked_at     timestamptz not null default now(),
    answer_by    timestamptz,                          -- then the task goes on without an answer, or with the fallback
    fallback     jsonb,
    answer       jsonb,
    answered_at  timestamptz,
    answered_by  text,
    answered_via text,
    primary key (operation_id, name),
    constraint kind_known      check (kind in ('authorization', 'input', 'review', 'authorization_with_input')),
    constraint risk_known      check (risk in ('low', 'medium', 'high')),
    constraint answer_is_whole check ((answer is not null) = (answered_at is not null) and (answer is not null) = (answered_by is not null)
                                      and (answer is not null) = (answered_via is not null))
) partition by range (operation_id);
comment on table operation_question is 'The questions of operations'' tasks to people: who was asked what, who answered, when, through which door, and what. The first answer stands.';

-- How many operations there are of each type and queue in each status, and how many came to it in each hour: counted when it happens, so that no
-- number on a page costs a look at all rows. A statement adds what it changed (operation_delta); nobody waits for anybody, as all would for a row that
-- holds the sum. fold_counts() sums up what was added; until then, both together are the number.
create table operation_delta (
    at      timestamptz not null default now(),
    type    text        not null,
    queue   text        not null,
    status  text        not null,
    more    bigint      not null,                      -- how many more there are
    entered bigint      not null                       -- how many came to the status
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);  -- read whole, so it must stay small
comment on table operation_delta is 'What recent statements changed in the numbers of operations; fold_counts() moves it to operation_count and operation_hour.';

create table operation_count (
    type   text   not null,
    queue  text   not null,
    status text   not null,
    number bigint not null,
    primary key (type, queue, status)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);  -- few rows, updated every second
comment on table operation_count is 'How many operations there are of each type and queue in each status, without what operation_delta still has.';

create table operation_hour (
    hour    timestamptz not null,
    type    text        not null,
    queue   text        not null,
    status  text        not null,
    entered bigint      not null,
    primary key (hour, type, queue, status)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table operation_hour is 'How many operations came to each status in each hour, by type and queue. pending: those to be run again; submitted: those that were new.';

create table idempotency_key (
    key          text        primary key,
    operation_id uuid        not null,
    request_hash bytea       not null,                 -- SHA-256 of what was asked for: the same key with another request is a conflict
    created_at   timestamptz not null default now()    -- forgotten after 24 hours
);
create index idempotency_key_age on idempotency_key using brin (created_at);

-- ── who works ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table worker (
    id          uuid        primary key default gen_random_uuid(), -- fresh with every start; a host name or pod name comes back and would be taken for the dead
    name        text        not null,                              -- host and port: what a restarted node has in common with the one before
    status      text        not null default 'alive',
    started_at  timestamptz not null default now(),
    beat_at     timestamptz not null default now(),
    lease_until timestamptz not null,
    ended_at    timestamptz,
    constraint status_known check (status in ('alive', 'lost', 'ended'))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table worker is 'Who runs operations. One lease per worker covers all that it runs: one small update every few seconds, however many operations.';
comment on column worker.status is 'alive; lost: its lease ran out or its successor is here, and what it held is being taken back; ended: nothing is left of it';

-- ── queues ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Every name is a queue. Only those about which somebody said something have a row here.
create table queue (
    name        text        primary key,
    paused      boolean     not null default false,    -- nothing is claimed from it; what runs goes on
    resume_at   timestamptz,                           -- when a pause ends by itself
    max_running integer,                               -- how many operations may run at once, on all nodes together; null: as many as there are slots
    changed_at  timestamptz not null default now(),
    changed_by  text        not null default session_user,
    changed_via text        not null default 'sql',
    reason      text,
    constraint name_is_said check (name <> '' and length(name) <= 200),
    constraint max_running_is_positive check (max_running > 0),
    constraint only_a_pause_ends check (resume_at is null or paused)
);
comment on table queue is 'What people said about queues: paused, limited. A queue without a row is neither.';

create table queue_history (
    name        text        not null,
    at          timestamptz not null,
    paused      boolean     not null,
    resume_at   timestamptz,
    max_running integer,
    changed_by  text        not null,
    changed_via text        not null,
    reason      text
);
create index queue_history_name on queue_history (name, at);
comment on table queue_history is 'Every change of a queue: who paused or limited it, when and why. Append-only, written by trigger.';

-- Whoever types an UPDATE is named, and a reason given for one change is not taken for the next.
create function queue_touched() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        new.changed_at := now();
        if new.changed_by = old.changed_by and new.changed_via = old.changed_via then
            new.changed_by  := session_user;
            new.changed_via := 'sql';
        end if;
        if new.reason is not distinct from old.reason then
            new.reason := null;
        end if;
        if not new.paused then
            new.resume_at := null;
        end if;
    end if;
    return new;
end
$$;
create trigger queue_touched before insert or update on queue for each row execute function queue_touched();

create function queue_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into queue_history (name, at, paused, resume_at, max_running, changed_by, changed_via, reason)
    values (new.name, new.changed_at, new.paused, new.resume_at, new.max_running, new.changed_by, new.changed_via, new.reason);
    perform pg_notify('operation_ready', new.name);
    perform pg_notify('remote_ready', ' ' || new.name);   -- of any type
    return null;
end
$$;
create trigger queue_changed after insert or update on queue for each row execute function queue_changed();

-- Whether something may be claimed from a queue at this moment.
create function queue_is_open(queue_name text) returns boolean language sql stable as $$
    select not exists (select from queue where name = queue_name and paused and (resume_at is null or resume_at > now()))
$$;

-- How many operations of a queue run, on all nodes together.
create function running_in(queue_name text) returns bigint language sql stable as $$
    select count(*) from operation where status = 'running' and queue = queue_name
$$;

-- ── what every change brings with it ────────────────────────────────────────────────────────────────────────────────

-- A row that is submitted for later, or paused, is parked until then, also when it is typed in psql.
create function operation_parked() returns trigger language plpgsql as $$
begin
    new.parked := true;
    return new;
end
$$;
create trigger operation_parked before insert on operation
    for each row when (new.status = 'pending' and (new.run_at > now() or new.paused) and not new.parked) execute function operation_parked();

-- An UPDATE typed by hand says only what it wants (`set status = 'cancelled'`); this fills in what goes with it.
-- The service's own statements say `version = version + 1` and more, and so pass by the `when`.
create function operation_touched() returns trigger language plpgsql as $$
declare   -- what history need not tell: progress is a level, and the rest is set here
    untold constant text[] := '{progress,progress_current,progress_total,message,version,history_seq,updated_at,changed_by,changed_via,reason,parked,log_lines}';
begin
    new.version     := old.version + 1;
    new.updated_at  := now();
    new.changed_by  := session_user;
    new.changed_via := 'sql';
    if new.reason is not distinct from old.reason then
        new.reason := null;
    end if;
    if to_jsonb(new) - untold <> to_jsonb(old) - untold then
        new.history_seq := old.history_seq + 1;
    end if;
    if new.status <> old.status then
        if new.status <> 'running' then
            new.run_id := null;
            new.worker_id := null;
        end if;
        if new.status in ('completed', 'failed', 'cancelled') then
            new.finished_at := now();
            new.paused := false;
        else
            new.finished_at := null;
        end if;
        new.waits_for := case when new.status = 'waiting' then coalesce(new.waits_for, 'time') end;
        new.awaits := case when new.status = 'waiting' then new.awaits end;
        if new.status = 'completed' then
            new.progress := 100;
        elsif new.status = 'pending' and old.status in ('failed', 'cancelled') then
            new.cancel_requested_at := null;
            new.failures := 0;
            new.losses := 0;
            new.run_at := greatest(new.run_at, now());
            new.start_by := null;
            new.deadline := case when new.deadline > now() then new.deadline end;
        end if;
    end if;
    new.parked := new.status = 'waiting' or (new.status = 'pending' and (new.paused or new.run_at > now()));
    return new;
end
$$;
create trigger operation_touched before update on operation
    for each row when (new.version = old.version) execute function operation_touched();

create function operation_inserted() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    wrong record;
begin
    select id, status, version, history_seq into wrong from new_rows
    where status <> 'pending' or version <> 1 or history_seq <> 1 limit 1;
    if found then
        raise exception 'an operation begins as pending with version 1 and history_seq 1, not as % with % and %',
            wrong.status, wrong.version, wrong.history_seq using errcode = 'check_violation';
    end if;
    insert into operation_history (operation_id, seq, version, event, to_status, attempt, changed_by, changed_via, reason, progress, message)
    select id, 1, 1, 'submitted', status, attempt, changed_by, changed_via, reason, progress, message from new_rows;
    insert into operation_delta (type, queue, status, more, entered)
    select type, queue, counted.status, counted.more * count(*), counted.entered * count(*)
    from new_rows cross join (values ('pending', 1, 0), ('submitted', 0, 1)) as counted (status, more, entered) group by 1, 2, 3, counted.more, counted.entered;
    perform pg_notify('operation_changed', string_agg(id::text, ','))
    from (select id, (row_number() over () - 1) / 200 as chunk from new_rows) as ids group by chunk;
    perform pg_notify(case lane when '' then 'operation_ready' else 'remote_ready' end, case lane when '' then queue else lane || ' ' || queue end)
    from new_rows where not parked and lane is not null group by lane, queue;
    return null;
end
$$;
create trigger operation_inserted after insert on operation
    referencing new table as new_rows for each statement execute function operation_inserted();

-- The children of an operation that failed, or that somebody cancelled, are to stop; when it is run again, those that had to stop for it are too.
create function children_follow(parents uuid[], is_stopped boolean) returns void
    language plpgsql set enable_nestloop = on as $$
declare
    why constant text := 'its parent was stopped';
begin
    if is_stopped then
        -- Once more as long as there are any: an end that this waited for may have submitted others meanwhile.
        loop
            update operation set
                status = case when status = 'running' then status else 'cancelled' end, finished_at = case when status <> 'running' then now() end,
                cancel_requested_at = now(), parked = false, paused = paused and status = 'running', waits_for = null, awaits = null,
                version = version + 1, history_seq = history_seq + 1, updated_at = now(), changed_by = 'its parent', changed_via = 'engine', reason = why
            where parent_id = any(parents) and status in ('pending', 'waiting', 'running') and cancel_requested_at is null;
            exit when not found;
        end loop;
    else
        update operation set
            status = 'pending', run_at = now(), finished_at = null, cancel_requested_at = null, failures = 0, losses = 0, resume = false, start_by = null,
            version = version + 1, history_seq = history_seq + 1, updated_at = now(), changed_by = 'its parent', changed_via = 'parent', reason = 'its parent is run again'
        where parent_id = any(parents) and status = 'cancelled' and cancel_requested_at is not null
          and exists (select from operation_history h where h.operation_id = operation.id and h.reason = why and h.seq >= operation.history_seq - 2);
    end if;
end
$$;

-- What an edit changed: {"priority": [0, 5]}.
create function what_changed(o operation, n operation) returns jsonb language sql stable as $$
    select jsonb_object_agg(name, jsonb_build_array(before, after))
    from (values ('queue', to_jsonb(o.queue), to_jsonb(n.queue)), ('priority', to_jsonb(o.priority), to_jsonb(n.priority)),
                 ('tags', to_jsonb(o.tags), to_jsonb(n.tags)), ('metadata', o.metadata, n.metadata), ('type', to_jsonb(o.type), to_jsonb(n.type)),
                 ('run_at', to_jsonb(o.run_at), to_jsonb(n.run_at)), ('max_attempts', to_jsonb(o.max_attempts), to_jsonb(n.max_attempts)),
                 ('timeout', to_jsonb(o.timeout), to_jsonb(n.timeout)), ('deadline', to_jsonb(o.deadline), to_jsonb(n.deadline))) as field (name, before, after)
    where before is distinct from after
$$;

-- Both joins of two batches need a hash join. The engine's connection turns those off, for its own statements; and a connection keeps the plans
-- of its first batch: if that was one row, a nested loop, which compared each row of a batch of 1,000 with each (640 ms instead of 27).
create function operation_updated() returns trigger
    language plpgsql security definer set search_path = public, pg_temp set enable_hashjoin = on set enable_nestloop = off as $$
declare
    seen record;
    wrong record;
begin
    if not exists (select from new_rows) then   -- a claim that found nothing: all that follows would take as long as the claim
        return null;
    end if;
    select (array_agg(n.id) filter (
               where n.version <> o.version + 1
                  or n.history_seq not in (o.history_seq, o.history_seq + 1)
                  or (n.status <> o.status and t.from_status is null)
                  or (n.history_seq = o.history_seq
                      and (n.status, n.attempt, n.run_id, n.queue, n.priority, n.cancel_requested_at, n.paused, n.answers)
                          is distinct from (o.status, o.attempt, o.run_id, o.queue, o.priority, o.cancel_requested_at, o.paused, o.answers))))[1] as wrong,
           array_agg(distinct case n.status
                   when 'pending' then case n.lane when '' then 'operation_ready ' || n.queue else 'remote_ready ' || n.lane || ' ' || n.queue end
                   when 'running' then 'operation_ordered ' || n.id || case when n.cancel_requested_at is not null then ' cancel'
                                                                            when n.paused then ' pause' else ' resume' end
                   else 'operation_child_over ' || n.parent_id end) filter (
               where (n.status = 'pending' and not n.parked and n.lane is not null
                      and (o.status <> 'pending' or o.parked or n.queue <> o.queue or n.lane is distinct from o.lane))
                  or (n.status = 'running' and (n.paused <> o.paused and o.status = 'running'
                                                or n.cancel_requested_at is not null and o.cancel_requested_at is null))
                  or (n.parent_id is not null and n.node is null and n.finished_at is not null and o.finished_at is null)) as wakes,
           array_agg(n.id) filter (where n.status in ('failed', 'cancelled') or n.cancel_requested_at is not null) as stopped,
           array_agg(n.id) filter (where o.finished_at is not null and n.finished_at is null) as revived
    into seen
    from new_rows n join old_rows o using (id) left join operation_transition t on t.from_status = o.status and t.to_status = n.status;
    if seen.wrong is not null then
        select o.id, o.status as was, n.status as becomes, n.version - o.version as versions, n.history_seq - o.history_seq as entries into wrong
        from new_rows n join old_rows o using (id) where n.id = seen.wrong;
        if wrong.versions <> 1 or wrong.entries not in (0, 1) or wrong.was = wrong.becomes then
            raise exception 'operation %: a change adds one to version, not %, and one to history_seq if history must tell it, not %',
                wrong.id, wrong.versions, wrong.entries using errcode = 'check_violation';
        end if;
        raise exception 'operation % cannot go from % to %', wrong.id, wrong.was, wrong.becomes
            using errcode = 'check_violation', hint = 'table operation_transition lists the moves there are';
    end if;
    insert into operation_history (operation_id, seq, version, event, from_status, to_status, attempt,
                                   changed_by, changed_via, reason, progress, message, worker_id, run_id, error, changes)
    select n.id, n.history_seq, n.version,
           case when n.answers <> o.answers then 'answered'
                when (n.status, n.attempt, n.run_id) is distinct from (o.status, o.attempt, o.run_id) then 'status'
                when n.cancel_requested_at is distinct from o.cancel_requested_at then 'cancel_requested'
                when n.paused <> o.paused then case when n.paused then 'paused' else 'resumed' end
                when n.changed_via <> 'sql'   -- mere progress of that kind is not told, see operation_touched
                     and (n.queue, n.priority, n.type, n.run_at, n.max_attempts, n.timeout, n.deadline, n.tags, n.metadata, n.input, n.output)
                     is not distinct from (o.queue, o.priority, o.type, o.run_at, o.max_attempts, o.timeout, o.deadline, o.tags, o.metadata, o.input, o.output) then 'progress'
                else 'edited' end,
           o.status, n.status, n.attempt, n.changed_by, n.changed_via, n.reason, n.progress, n.message,
           coalesce(n.worker_id, o.worker_id), coalesce(n.run_id, o.run_id),
           case when n.error is distinct from o.error then n.error end,
           case when (n.queue, n.priority, n.tags, n.metadata, n.type, n.max_attempts, n.timeout, n.deadline)
                     is distinct from (o.queue, o.priority, o.tags, o.metadata, o.type, o.max_attempts, o.timeout, o.deadline)
                     or n.run_at <> o.run_at and n.status = o.status and n.attempt = o.attempt then what_changed(o, n) end
    from new_rows n join old_rows o using (id)
    where n.history_seq <> o.history_seq;
    insert into operation_delta (type, queue, status, more, entered)
    with moved as materialized (
        select o.type, o.queue, o.status, n.type as new_type, n.queue as new_queue, n.status as new_status
        from new_rows n join old_rows o using (id)
        where (n.status, n.queue, n.type) <> (o.status, o.queue, o.type))
    select type, queue, status, sum(more), sum(entered)
    from (select new_type as type, new_queue as queue, new_status as status, 1 as more, (new_status <> status)::int as entered from moved
          union all select type, queue, status, -1, 0 from moved) as counted
    group by type, queue, status
    having sum(more) <> 0 or sum(entered) <> 0;
    perform pg_notify('operation_changed', string_agg(id::text, ','))
    from (select id, (row_number() over () - 1) / 200 as chunk from new_rows) as ids group by chunk;
    perform pg_notify(split_part(wake, ' ', 1), substr(wake, strpos(wake, ' ') + 1)) from unnest(seen.wakes) as wake;
    if seen.stopped is not null then
        perform children_follow(seen.stopped, true);
    end if;
    if seen.revived is not null then
        perform children_follow(seen.revived, false);
    end if;
    return null;
end
$$;
create trigger operation_updated after update on operation
    referencing old table as old_rows new table as new_rows for each statement execute function operation_updated();

-- An answer, also one that is typed in psql, is signed and lets the operation go on. The first one stands.
create function question_answered() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if old.answered_at is not null then
        raise exception 'question % of operation % was answered by % at %', old.name, old.operation_id, old.answered_by, old.answered_at
            using errcode = 'check_violation';
    end if;
    if to_jsonb(new) - '{answer,answered_at,answered_by,answered_via}'::text[] <> to_jsonb(old) - '{answer,answered_at,answered_by,answered_via}'::text[] then
        raise exception 'a question can be answered, and nothing else of it changed' using errcode = 'check_violation';
    end if;
    new.answered_at  := now();
    new.answered_by  := coalesce(new.answered_by, session_user);
    new.answered_via := coalesce(new.answered_via, 'sql');
    update operation o set
        answers = o.answers + 1,
        status = case when goes_on then 'pending' else o.status end,
        parked = case when goes_on then o.paused else o.parked end,
        run_at = case when goes_on then now() else o.run_at end,
        waits_for = case when not goes_on then o.waits_for end,
        version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
        changed_by = new.answered_by, changed_via = new.answered_via, reason = 'answered ' || new.name
    from (select status = 'waiting' and waits_for = 'answer' as goes_on from operation where id = new.operation_id for update) as waiting
    where o.id = new.operation_id and o.finished_at is null;
    if not found then
        raise exception 'operation % is over and asks nothing any more', new.operation_id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger question_answered before update on operation_question for each row execute function question_answered();

-- Nobody rewrites the past: the service has no right to, and the owner meets this.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: %', lower(tg_op), tg_table_name, tg_argv[0] using errcode = 'insufficient_privilege';
end
$$;
create trigger history_is_append_only before update or delete or truncate on operation_history
    for each statement execute function refuse_change('history is append-only');
create trigger history_is_written_by_trigger before insert on operation_history
    for each statement when (pg_trigger_depth() = 0) execute function refuse_change('the triggers of table operation write it');
create trigger operations_are_kept before delete or truncate on operation
    for each statement execute function refuse_change('operations leave with their day''s partition, not one by one');
create trigger questions_are_kept before delete or truncate on operation_question
    for each statement execute function refuse_change('questions are kept with their operation');
create trigger queue_history_is_append_only before update or delete or truncate on queue_history
    for each statement execute function refuse_change('history is append-only');
create trigger queue_history_is_written_by_trigger before insert on queue_history
    for each statement when (pg_trigger_depth() = 0) execute function refuse_change('the trigger of table queue writes it');
create trigger ids_are_kept before update of id on operation
    for each statement execute function refuse_change('an operation keeps its id, by which its history is found');

-- Sums up what was added to the counters; returns how many entries there were, or -1 if another session is at it. Called every second; quick when there is nothing.
create function fold_counts() returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    folded integer;
begin
    if not pg_try_advisory_xact_lock(7241003, 2) then
        return -1;
    end if;
    with gone as (delete from operation_delta returning *),
    counted as (
        insert into operation_count as c (type, queue, status, number)
        select type, queue, status, sum(more) from gone where more <> 0 group by type, queue, status order by type, queue, status
        on conflict (type, queue, status) do update set number = c.number + excluded.number),
    entered as (
        insert into operation_hour as h (hour, type, queue, status, entered)
        select date_trunc('hour', at, 'UTC'), type, queue, status, sum(entered) from gone where entered > 0 group by 1, 2, 3, 4 order by 1, 2, 3, 4
        on conflict (hour, type, queue, status) do update set entered = h.entered + excluded.entered)
    select count(*) into folded from gone;
    return folded;
end
$$;

-- ── partitions ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- Makes the partitions of today and the given number of days ahead; those that exist are left alone. Returns how many it made.
-- Rows of other days (ids made elsewhere, or while nobody made partitions) fall into the default partitions, and a day that has
-- rows there already stays there: the days after it get theirs.
create function ensure_partitions(days_ahead integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    day   date;
    low   uuid;
    high  uuid;
    part  text;
    made  integer := 0;
    root  text;
    today constant date := (now() at time zone 'UTC')::date;
begin
    if days_ahead not between 0 and 400 then
        raise exception 'days_ahead must be between 0 and 400, not %', days_ahead;
    end if;
    perform pg_advisory_xact_lock(7241003, 1);
    for day in select today + n from generate_series(0, days_ahead) as n loop
        low  := operation_id_at(day::timestamp at time zone 'UTC');
        high := operation_id_at((day + 1)::timestamp at time zone 'UTC');
        for root in select relname from pg_class where relkind = 'p' and relname like 'operation%' and relnamespace = 'public'::regnamespace order by relname loop
            part := root || to_char(day, '_YYYY_MM_DD');
            continue when to_regclass(part) is not null;
            begin
                execute format('create table %I partition of %I for values from (%L) to (%L)', part, root, low, high);
                perform tune_partition(root, part);
                made := made + 1;
            exception when check_violation then
                raise warning '% keeps its rows of % in its default partition', root, day;
            end;
        end loop;
    end loop;
    return made;
end
$$;

-- Live rows are updated in place many times, so their pages keep room for it and are vacuumed early;
-- history, logs and steps are only ever added to, so their first vacuum freezes them, and no later one has to read them again.
create function tune_partition(root text, part text) returns void language plpgsql set search_path = public, pg_temp as $$
begin
    if root = 'operation' then
        execute format('alter table %I set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 1)', part);
    end if;
    if root in ('operation_history', 'operation_log', 'operation_step') then
        execute format('alter table %I set (autovacuum_freeze_min_age = 0, autovacuum_vacuum_insert_scale_factor = 0.1)', part);
    end if;
    -- Statement triggers of the root do not fire for a partition that is addressed by its own name.
    if root = 'operation_history' then
        execute format('create trigger history_is_append_only before update or delete or truncate on %I for each statement execute function refuse_change(%L)', part, 'history is append-only');
        execute format('create trigger through_the_root_only before insert on %I for each statement execute function refuse_change(%L)', part, 'the triggers of table operation write it');
    elsif root = 'operation_log' then
        execute format('create trigger log_is_append_only before update or delete or truncate on %I for each statement execute function refuse_change(%L)', part, 'what was logged is kept as it was');
    elsif root = 'operation' then
        execute format('create trigger through_the_root_only before insert or update or delete or truncate on %I for each statement execute function refuse_change(%L)', part, 'write to the table operation, whose triggers guard and record');
    end if;
end
$$;

create table operation_default partition of operation default;
create table operation_history_default partition of operation_history default;
create table operation_step_default partition of operation_step default;
create table operation_question_default partition of operation_question default;
do $$
begin
    perform tune_partition('operation', 'operation_default');
    perform tune_partition('operation_history', 'operation_history_default');
    perform ensure_partitions(3);
end
$$;

-- ── rights of the running service (db/roles.sql makes the roles; without them the owner serves alone) ────────────────
do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant usage on schema public to longhaul_service;
        grant select, insert, update on worker to longhaul_service;
        -- What was asked, when, and under which id is not the service's to change.
        grant select, insert, update (queue, priority, status, parked, run_at, attempt, max_attempts, failures, losses, resume, run_id, worker_id,
                                      retry_policy, timeout, heartbeat_timeout, start_by, deadline, concurrency_limit, rate_starts, rate_per, in_line, has_turn, tags, metadata, paused, waits_for, awaits, answers, log_lines, progress, progress_current, progress_total, message, version, history_seq, cancel_requested_at,
                                      started_at, attempt_started_at, updated_at, finished_at, output, error, changed_by, changed_via, reason)
            on operation to longhaul_service;
        grant select, insert, update on queue to longhaul_service;
        grant select on operation_history, operation_transition, queue_history, operation_delta, operation_count, operation_hour to longhaul_service;
        grant select, insert on operation_step to longhaul_service;
        grant select, insert, update (answer, answered_at, answered_by, answered_via) on operation_question to longhaul_service;
        grant select, insert, delete on idempotency_key to longhaul_service;
        grant execute on function ensure_partitions(integer), fold_counts() to longhaul_service;
    end if;
    revoke execute on function ensure_partitions(integer), fold_counts() from public;
end
$$;
