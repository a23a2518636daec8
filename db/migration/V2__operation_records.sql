-- Safe online: no. It belongs to the first edition: there is no service before it.
-- What is kept beside each operation, counters, and keys of submissions.

-- what belongs to an operation ---------------------------------------------------------------------------------------
-- These tables have the same ranges of ids as operation_past: see create_partitions().

create table operation_history (
    operation_id uuid         not null,
    at           timestamptz  not null default clock_timestamp(),
    version      bigint       not null,                -- of the operation with this change: the event id of its streams
    txid         bigint       not null default pg_current_xact_id()::text::bigint, -- order of the change feed
    seq          integer      not null,                -- 1..n without a gap, per operation
    attempt      integer      not null,
    progress     numeric(5,2) not null,
    -- submitted, status, cancel_requested, paused, resumed, answered,
    event        text         not null,
                                                       -- edited, progress (a sample), data_erased
    to_status    text         not null,
    from_status  text,
    -- the principal: only the service may name another than its session's
    changed_by   text         not null,
    recorded_by  text         not null default session_user, -- the database role of the session; nobody can set it
    source       text         not null,                -- engine, mcp, rest, cli, dashboard, workflow, sql …
    reason       text,
    message      text,
    worker_id    uuid,                                 -- held it before or holds it after the change
    run_id       uuid,
    task_version text,
    error        jsonb,                                -- of the failure that made this change
    changes      jsonb,                                -- of an edit: {"priority": [0, 5]}, before and after
    -- SHA-256 of the input submitted, the output or the answer stored by it
    digest       bytea,
    -- SHA-256 of reason, message, error and changes, once those are erased
    texts_digest bytea,
    primary key (operation_id, seq)
) partition by range (operation_id);
-- Rows are only added, so a block range's transactions and times lie close together. A btree would cost an entry each.
create index operation_history_txid on operation_history
    using brin (txid) with (pages_per_range = 32, autosummarize = on);
create index operation_history_at on operation_history
    using brin (at) with (pages_per_range = 32, autosummarize = on);
comment on table operation_history is
    'One row per change of an operation that matters. Append-only, written by trigger.';

create table operation_step (
    operation_id      uuid        not null,
    name              text        not null,
    result            jsonb,
    attempt           integer     not null,
    finished_at       timestamptz not null default now(),
    encryption_key_id text,
    primary key (operation_id, name)
) partition by range (operation_id);
comment on table operation_step is
    'Finished steps, the checkpoints of an operation: a later attempt reads the results instead of repeating the '
    'steps.';

create table operation_log (
    operation_id uuid        not null,
    -- 1, 2, 3 … over all attempts; numbers beyond the limit have no row
    line         integer     not null,
    at           timestamptz not null,
    attempt      integer     not null,
    level        text        not null,
    message      text        not null,
    primary key (operation_id, line),
    constraint level_known check (level in ('debug', 'info', 'warn', 'error'))
) partition by range (operation_id);
comment on table operation_log is 'Lines that tasks logged: context.log(…). Bounded per operation, append-only.';

create table input_request (
    operation_id      uuid        not null,
    name              text        not null,            -- the task's name for it, unique within the operation
    kind              text        not null,
    action            text        not null,            -- the question, for people, e.g. Send to 1,204 customers?
    data              jsonb,                           -- its subject, e.g. the text to review
    options           text[],                          -- the answers to choose from; null: any that fits the schema
    schema            jsonb       not null,            -- JSON Schema of the answer
    risk              text,                            -- of an authorization: low, medium, high
    requested_at      timestamptz not null default now(),
    expires_at        timestamptz,                     -- then the task goes on without an answer, or with the fallback
    fallback          jsonb,
    answer            jsonb,
    answered_at       timestamptz,
    answered_by       text,
    answer_source     text,
    erased_at         timestamptz,                     -- its texts and its answer were erased: see erase_data()
    encryption_key_id text,
    primary key (operation_id, name),
    constraint kind_known      check (kind in ('authorization', 'input', 'review', 'authorization_with_input')),
    constraint risk_known      check (risk in ('low', 'medium', 'high')),
    constraint options_are_texts check (array_ndims(options) = 1 and array_position(options, null) is null),
    constraint expires_in_time check (expires_at between '1970-01-01Z' and '9999-12-31Z'),
    constraint answer_is_whole check (erased_at is not null
                                      or num_nonnulls(answer, answered_at, answered_by, answer_source) in (0, 4))
) partition by range (operation_id);
comment on table input_request is
    'Questions of tasks to people, and the answers: by whom, when, through which source. The first answer stands.';

create table chain_digest (
    operation_id uuid    not null primary key,
    seq          integer not null,                     -- the newest entry of the history that it covers
    -- sha256(hash of the entry before || entry); before the first: the id
    hash         bytea   not null
) partition by range (operation_id);
comment on table chain_digest is
    'The newest link of the hash chain over each operation''s history. Written by extend_chain().';

create table operation_history_default partition of operation_history default;
create table operation_step_default    partition of operation_step    default;
create table operation_log_default     partition of operation_log     default;
create table input_request_default     partition of input_request     default;
create table chain_digest_default      partition of chain_digest      default;

create table operation_partition (
    first_day  date        primary key,                -- of submission, UTC
    end_day    date        not null unique,            -- the first day after it
    created_at timestamptz not null default now(),
    constraint days_in_order check (first_day < end_day)
);
comment on table operation_partition is
    'The ranges of ids, as days of submission, for which operation_past and its companions have partitions.';

-- counters -----------------------------------------------------------------------------------------------------------
-- Counted with each change, so that no number on a page reads all rows. A statement adds rows to count_delta and waits
-- for nobody, as it would for a row with the sum. merge_counts() moves them; until then both together are the number.

create table count_delta (
    at          timestamptz not null default now(),
    number      bigint      not null,                  -- operations that moved
    namespace   text        not null,
    type        text        not null,
    queue       text        not null,
    from_status text,                                  -- submitted: they are new; null: they had another type or queue
    to_status   text                                   -- null: they have another type or queue now, or left
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
comment on table count_delta is
    'Recent moves of operations; merge_counts() moves them to operation_count and hourly_count.';

create table operation_count (
    namespace text   not null,
    type      text   not null,
    queue     text   not null,
    status    text   not null,
    number    bigint not null,
    primary key (namespace, type, queue, status)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table operation_count is 'Operations per type, queue and status, without those that count_delta still has.';

create table hourly_count (
    hour      timestamptz not null,
    namespace text        not null,
    type      text        not null,
    queue     text        not null,
    status    text        not null,                    -- pending: to be retried; submitted: new
    entered   bigint      not null,
    primary key (hour, namespace, type, queue, status)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table hourly_count is 'Operations that came to each status in each hour, per type and queue.';

-- submissions --------------------------------------------------------------------------------------------------------

create table idempotency_key (
    namespace     text        not null default 'default',
    key           text        not null,
    operation_id  uuid        not null,
    operation_ids uuid[],                              -- of a key for a batch: all its operations, in its order
    -- SHA-256 of the request: the same key with another one is a conflict
    request_hash  bytea       not null,
    created_at    timestamptz not null default now(),  -- deleted after 24 hours
    primary key (key, namespace)
);
create index idempotency_key_created on idempotency_key (created_at);
comment on table idempotency_key is
    'Keys that callers sent with a submission: a repeated request gets the first one''s operation.';

create table rate_limit_start (
    namespace       text        not null default 'default',
    concurrency_key text        not null,
    at              timestamptz not null default clock_timestamp()
);
create index rate_limit_start_key on rate_limit_start (concurrency_key, at);
create index rate_limit_start_age on rate_limit_start using brin (at);
comment on table rate_limit_start is 'Starts of operations whose key has a rate limit, for a day.';
