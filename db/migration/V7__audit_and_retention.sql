-- Safe online: no. It belongs to the first edition: there is no service before it.
-- Evidence that nobody rewrote the history, and how operations leave.

create table chain_state (
    one  boolean primary key default true check (one),
    txid bigint  not null                              -- the chains cover all entries of transactions before it
);
comment on table chain_state is 'How far the hash chains reach.';
insert into chain_state (txid) values (pg_snapshot_xmin(pg_current_snapshot())::text::bigint);

create table chained_day (
    day  date   primary key,                           -- of submission
    txid bigint not null                               -- of the last extension of a chain of its operations
);
comment on table chained_day is 'Days whose operations got new entries: these need a new anchor.';

create table history_anchor (
    number      integer     primary key,               -- 1, 2, 3 …
    anchored_at timestamptz not null default now(),
    day         date        not null,                  -- of submission of the operations that it covers
    txid        bigint      not null,                  -- it covers their entries of transactions before this one
    operations  bigint      not null,
    entries     bigint      not null,
    head        bytea       not null,                  -- chain over their digests, in the order of ids
    previous    bytea,                                 -- hash of the anchor before
    hash        bytea       not null,                  -- sha256(previous || all of the above), which is signed
    key_id      text,
    signature   bytea                                  -- Ed25519, by the service, if it has a key
);
comment on table history_anchor is
    'A daily sum of the chain digests, itself chained. A copy kept elsewhere proves what the history was. Append-only.';

create table retention_limit (
    one      boolean  primary key default true check (one),
    shortest interval not null default interval '1 day'
);
comment on table retention_limit is
    'The least time that operations are kept after their end. Only the owner changes it: a stolen password of the '
    'service lets no newer operation leave.';
insert into retention_limit default values;

create table retention_hold (
    operation_id uuid        primary key,
    reason       text        not null,
    held_at      timestamptz not null default now(),
    held_by      text        not null default session_user,
    released_at  timestamptz,
    released_by  text
);
comment on table retention_hold is 'Operations that are kept, with their history, until a principal releases them.';

create table partition_export (
    first_day    date        primary key,
    operation_id uuid        not null,                 -- the operation that exported it
    folder       text        not null,
    exported_at  timestamptz not null default now()
);
comment on table partition_export is 'Partitions that were written to files.';

create table retired_partition (
    first_day  date        primary key,
    end_day    date        not null,                   -- the first day after it
    operations bigint      not null,                   -- that left
    retained   bigint      not null,                   -- that stayed
    retired_at timestamptz not null default now()
);
comment on table retired_partition is
    'Ranges of days whose operations left: a request for one of them is answered by 410.';

create table retirement_plan (
    first_day     date        not null,
    part          smallint    not null,                -- which 144th of the range
    low           uuid        not null,
    high          uuid        not null,
    keep_finished interval    not null,
    keep_failed   interval    not null,
    seen          pg_snapshot not null,                -- operations that change afterwards stay
    planned_at    timestamptz not null default now(),
    -- operations that can leave: namespace, type, queue, status, number
    counts        jsonb       not null,
    retained_ids  uuid[]      not null,
    primary key (first_day, part)
);
comment on table retirement_plan is
    'What retire_partition() will do with a part of a partition. Empty unless a partition is about to leave.';
