-- Safe online: no. It belongs to the first edition: there is no service before it.
-- Schedules, and a log of their runs.
--
-- A schedule has the next time at which it is due. A node that sees this time pass locks the row, submits the
-- operation,
-- writes the scheduled run and computes the next time, in one transaction. (schedule_id, scheduled_at) is unique, so a
-- time runs once, whichever node tries. There is no leader.

create table schedule (
    id                uuid        primary key default operation_id(),
    namespace         text        not null default 'default',
    name              text        not null,
    cron              text,                              -- a cron line on the wall clock of the zone,
    zone              text        not null default 'UTC',
    every             interval,                          -- or anchor + n * every,
    once_at           timestamptz,                       -- or once
    anchor            timestamptz not null default now(),
    jitter            interval    not null default '0',  -- an operation starts up to this much later, at random
    -- while an earlier run has not finished: skip, queue, cancel_older, allow
    overlap           text        not null default 'skip',
    -- of times missed while no node ran: skip, latest (one for all), all
    catch_up          text        not null default 'latest',
    type              text        not null,              -- these as in operation
    input             jsonb       not null default '{}',
    queue             text        not null default 'default',
    priority          smallint    not null default 0,
    max_attempts      integer     not null default 5,
    timeout           interval,
    tags              text[]      not null default '{}',
    metadata          jsonb       not null default '{}',
    encryption_key_id text,
    paused            boolean     not null default false, -- its runs are skipped, and the log says so
    paused_at         timestamptz,
    paused_by         text,
    paused_reason     text,
    next_run_at       timestamptz default now(),         -- null: none
    next_run_computed boolean     not null default false, -- false: next_run_at was not computed since the last change
    last_run_at       timestamptz,
    created_at        timestamptz not null default now(),
    deleted_at        timestamptz,                       -- kept, since the log names it
    changed_at        timestamptz not null default now(),
    changed_by        text        not null default session_user,
    source            text        not null default 'sql',
    reason            text,
    constraint name_is_fit      check (length(name) between 1 and 200),
    constraint one_kind_of_time check (num_nonnulls(cron, every, once_at) = 1),
    constraint cron_has_fields  check (cron ~ '^(@[a-z]+|(\S+ +){4,5}\S+)$' and length(cron) <= 200),
    constraint every_is_fit     check (every between interval '1 second' and interval '100 years'),
    constraint times_are_fit    check (once_at between '1970-01-01Z' and '9999-12-31Z'
                                       and anchor between '1970-01-01Z' and '9999-12-31Z'),
    constraint next_run_is_fit  check (next_run_at between '1970-01-01Z' and '9999-12-31Z'),
    constraint jitter_is_fit    check (jitter between interval '0' and interval '1 day'),
    constraint overlap_known    check (overlap in ('skip', 'queue', 'cancel_older', 'allow')),
    constraint catch_up_known   check (catch_up in ('skip', 'latest', 'all')),
    constraint names_are_fit    check (length(type) between 1 and 200 and length(queue) between 1 and 200),
    constraint attempts_are_fit check (max_attempts between 1 and 1000),
    constraint timeout_is_fit   check (timeout > interval '0' and timeout <= interval '100 years'),
    constraint tags_are_texts   check (coalesce(array_ndims(tags), 1) = 1 and array_position(tags, null) is null),
    constraint metadata_is_object check (jsonb_typeof(metadata) = 'object')
) with (fillfactor = 70);
comment on table schedule is 'Submissions by time: a cron line with its zone, an interval, or one time.';
comment on column schedule.next_run_at is 'Nodes sleep until the earliest of all schedules; null: no more runs.';

create unique index schedule_name on schedule (name, namespace) where deleted_at is null;
create index schedule_due on schedule (next_run_at) where next_run_at is not null;

create table scheduled_run (
    schedule_id  uuid        not null references schedule,
    scheduled_at timestamptz not null,                   -- the time that the schedule names
    decided_at   timestamptz not null default now(),
    cause        text        not null default 'time',    -- time; manual: by request; backfill: a past time, by request
    outcome      text        not null,                   -- started, queued (behind an older run), skipped, missed
    reason       text,
    operation_id uuid,
    decided_by   text        not null,                   -- the node, or the principal that asked for it
    primary key (schedule_id, scheduled_at),
    constraint cause_known   check (cause in ('time', 'manual', 'backfill')),
    constraint outcome_known check (outcome in ('started', 'queued', 'skipped', 'missed')),
    constraint started_iff_operation check ((outcome in ('started', 'queued')) = (operation_id is not null))
);
create index scheduled_run_decided on scheduled_run using brin (decided_at);
comment on table scheduled_run is 'Each run of a schedule: its operation, or why there is none. Append-only.';

create table schedule_history (
    schedule_id uuid        not null,
    at          timestamptz not null,
    event       text        not null,                    -- created, changed, paused, resumed, deleted
    spec        jsonb       not null,                    -- the schedule with this change, without its input
    changed_by  text        not null,
    recorded_by text        not null default session_user,
    source      text        not null,
    reason      text
);
create index schedule_history_schedule on schedule_history (schedule_id, at);
comment on table schedule_history is 'Each change of a schedule by a principal. Append-only, written by trigger.';
