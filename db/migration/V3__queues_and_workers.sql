-- Safe online: no. It belongs to the first edition: there is no service before it.
-- Queues, workers, and the task types of remote workers.

-- Each name is a queue. A row exists once somebody paused or limited it.
create table queue (
    namespace   text        not null default 'default',
    name        text        not null,
    paused      boolean     not null default false,    -- nothing is claimed from it; running operations go on
    resume_at   timestamptz,                           -- when the pause ends by itself
    max_running integer,                               -- operations running at once, on all nodes; null: no limit
    changed_at  timestamptz not null default now(),
    changed_by  text        not null default session_user,
    source      text        not null default 'sql',
    reason      text,
    primary key (name, namespace),
    constraint name_is_fit             check (length(name) between 1 and 200),
    constraint max_running_is_positive check (max_running > 0),
    constraint resumes_in_time         check (resume_at between '1970-01-01Z' and '9999-12-31Z'),
    constraint only_a_pause_ends       check (resume_at is null or paused)
);
comment on table queue is 'Paused and limited queues. A queue without a row is neither.';

create table queue_history (
    namespace   text        not null,
    name        text        not null,
    at          timestamptz not null,
    paused      boolean     not null,
    resume_at   timestamptz,
    max_running integer,
    changed_by  text        not null,
    recorded_by text        not null default session_user,
    source      text        not null,
    reason      text
);
create index queue_history_name on queue_history (name, at);
comment on table queue_history is 'Each change of a queue. Append-only, written by trigger.';

create table worker (
    id             uuid        primary key default gen_random_uuid(), -- new with each start: host names come back
    name           text        not null,               -- of a node: host and port
    kind           text        not null default 'node',
    status         text        not null default 'alive',
    started_at     timestamptz not null default now(),
    heartbeat_at   timestamptz not null default now(),
    lease_until    timestamptz not null,
    ended_at       timestamptz,
    lease          interval,                           -- of a remote worker, as it asked for it
    types          text[],                             -- the types that it claims; of a node: null, its own tasks
    queues         text[],                             -- null: each queue
    -- it claims no more since then; running operations go on; null: it claims
    draining_since timestamptz,
    drained_by     text,
    drain_reason   text,
    constraint status_known    check (status in ('alive', 'lost', 'ended')),
    constraint kind_known      check (kind in ('node', 'remote', 'tracker')),
    constraint remote_is_whole check (kind <> 'remote' or (lease is not null and types is not null)),
    constraint lease_is_fit    check (lease > interval '0' and lease <= interval '1 day'),
    constraint types_are_texts check (array_ndims(types) = 1 and array_position(types, null) is null),
    constraint queues_are_texts check (array_ndims(queues) = 1 and array_position(queues, null) is null)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table worker is
    'One life of a node or a remote worker. Its one lease covers all operations that it runs.';
comment on column worker.status is
    'alive; lost: its lease expired or its successor started, and its operations are being taken back; ended: all are';
comment on column worker.kind is
    'node; remote; tracker: the one row for all creators that run their operations themselves';

-- Workers are kept, since the history names them. Look-ups of present ones pass by the others.
create index worker_present on worker (id) where status <> 'ended';

-- A running operation has a worker. This one is that of tracked operations, and its lease never expires.
insert into worker (id, name, kind, lease_until)
values ('00000000-0000-0000-0000-000000000001', 'tracker', 'tracker', 'infinity');

-- Each node knows these types, also after a restart. Their operations are in the claim group of their type.
create table remote_type (
    namespace     text        not null default 'default',
    type          text        not null,
    description   text        not null default '',
    input_schema  jsonb       not null,                -- JSON Schema 2020-12
    retry_policy  jsonb,                               -- as operation.retry_policy; null: that of the settings
    version       integer     not null default 1,      -- grows by one with each change
    registered_at timestamptz not null default now(),
    registered_by text        not null default session_user,
    changed_at    timestamptz not null default now(),
    changed_by    text        not null default session_user,
    primary key (type, namespace),
    constraint type_is_a_name   check (type ~ '^[a-z][a-z0-9_]{0,63}$'),
    constraint schema_is_object check (jsonb_typeof(input_schema) = 'object'),
    constraint policy_is_object check (jsonb_typeof(retry_policy) = 'object')
);
comment on table remote_type is
    'Task types of remote workers, with their input''s schema. The newest registration holds.';
