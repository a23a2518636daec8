-- Safe online: yes. New tables; an old service starts nothing by the clock and leaves schedules alone.
-- Schedules: what is to be started when, and of every moment that came whether something was started, and why not.
--
-- A schedule's row has the next moment at which it is due. Whichever node sees that moment pass locks the row, starts the operation, writes the fire
-- and moves the row on, all in one transaction; (schedule_id, fire_at) is unique, so a moment fires once whoever tries. There is no leader.
create table schedule (
    id            uuid        primary key default operation_id(),
    name          text        not null,
    cron          text,                                  -- when: a cron line on the wall clock of the zone,
    zone          text        not null default 'UTC',
    every         interval,                              -- or anchor + n * every,
    once_at       timestamptz,                           -- or once
    anchor        timestamptz not null default now(),
    jitter        interval    not null default '0',      -- an operation starts up to so much later, by chance
    overlap       text        not null default 'skip',   -- while an earlier operation of it is not over: skip, queue, cancel_older, allow
    catch_up      text        not null default 'latest', -- moments that passed while no node was at work: skip, latest (one for all of them), all
    type          text        not null,                  -- what is started; these as in operation
    input         jsonb       not null default '{}',
    queue         text        not null default 'default',
    priority      smallint    not null default 0,
    max_attempts  integer     not null default 5,
    timeout       interval,
    tags          text[]      not null default '{}',
    metadata      jsonb       not null default '{}',
    paused        boolean     not null default false,    -- its moments pass, and the log says that it was paused
    paused_at     timestamptz,
    paused_by     text,
    paused_reason text,
    next_fire     timestamptz default now(),             -- null: no more
    reckoned      boolean     not null default false,    -- false: what it is due at has not been reckoned since somebody changed it
    last_fire     timestamptz,
    created_at    timestamptz not null default now(),
    deleted_at    timestamptz,                           -- the log still names it
    changed_at    timestamptz not null default now(),
    changed_by    text        not null default session_user,
    changed_via   text        not null default 'sql',
    reason        text,
    constraint name_is_said     check (name <> '' and length(name) <= 200),
    constraint one_kind_of_when check (num_nonnulls(cron, every, once_at) = 1),
    constraint cron_has_fields  check (cron ~ '^(@[a-z]+|(\S+ +){4,5}\S+)$' and length(cron) <= 200),
    constraint every_is_sane    check (every >= interval '1 second'),
    constraint jitter_is_sane   check (jitter between interval '0' and interval '1 day'),
    constraint overlap_known    check (overlap in ('skip', 'queue', 'cancel_older', 'allow')),
    constraint catch_up_known   check (catch_up in ('skip', 'latest', 'all')),
    constraint what_is_sane     check (length(type) between 1 and 200 and length(queue) between 1 and 200 and max_attempts between 1 and 1000
                                       and timeout > interval '0' and jsonb_typeof(metadata) = 'object')
) with (fillfactor = 70);
comment on table schedule is 'What is to be started when: a cron line with its zone, an interval, or one moment.';
comment on column schedule.next_fire is 'The next moment it is due; null: there is none. Nodes sleep until the earliest of all schedules.';

create unique index schedule_name on schedule (name) where deleted_at is null;
create index schedule_due on schedule (next_fire) where next_fire is not null;

create table schedule_fire (
    schedule_id  uuid        not null references schedule,
    fire_at      timestamptz not null,                   -- the moment that the schedule names
    decided_at   timestamptz not null default now(),
    cause        text        not null default 'time',    -- time; hand: somebody wanted it now; backfill: somebody wanted moments of the past
    outcome      text        not null,                   -- started, queued (starts when the older is over), skipped, missed
    reason       text,
    operation_id uuid,                                   -- what was started
    decided_by   text        not null,                   -- the node, or who wanted it
    primary key (schedule_id, fire_at),
    constraint cause_known   check (cause in ('time', 'hand', 'backfill')),
    constraint outcome_known check (outcome in ('started', 'queued', 'skipped', 'missed')),
    constraint started_iff_operation check ((outcome in ('started', 'queued')) = (operation_id is not null))
);
create index schedule_fire_decided on schedule_fire using brin (decided_at);
comment on table schedule_fire is 'Every moment of every schedule that came: what was started, or why nothing was. Append-only; a moment is there once.';

create table schedule_history (
    schedule_id uuid        not null,
    at          timestamptz not null,
    event       text        not null,                    -- created, changed, paused, resumed, deleted
    terms       jsonb       not null,                    -- the schedule with this change, without its input
    changed_by  text        not null,
    changed_via text        not null,
    reason      text
);
create index schedule_history_schedule on schedule_history (schedule_id, at);
comment on table schedule_history is 'Every change of a schedule that somebody made. Append-only, written by trigger.';

-- The nodes' own columns: what they write is no change of the schedule.
create function schedule_terms(one schedule) returns jsonb language sql immutable as $$
    select to_jsonb(one) - '{next_fire,reckoned,last_fire,changed_at,changed_by,changed_via,reason,paused_at,paused_by,paused_reason}'::text[]
$$;

-- Whoever types an UPDATE is named, and a reason given for one change is not taken for the next.
create function schedule_touched() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if schedule_terms(new) = schedule_terms(old) then
            return new;
        end if;
        new.changed_at := now();
        if new.changed_by = old.changed_by and new.changed_via = old.changed_via then
            new.changed_by  := session_user;
            new.changed_via := 'sql';
        end if;
        if new.reason is not distinct from old.reason then
            new.reason := null;
        end if;
        if new.deleted_at is not null then
            new.next_fire := null;
        elsif (new.cron, new.zone, new.every, new.once_at, new.anchor, new.deleted_at)
              is distinct from (old.cron, old.zone, old.every, old.once_at, old.anchor, old.deleted_at)
              and new.next_fire is not distinct from old.next_fire then
            new.next_fire := now();
            new.reckoned  := false;
        end if;
    end if;
    if new.paused and (tg_op = 'INSERT' or not old.paused) then
        new.paused_at     := now();
        new.paused_by     := new.changed_by;
        new.paused_reason := new.reason;
    elsif not new.paused then
        new.paused_at     := null;
        new.paused_by     := null;
        new.paused_reason := null;
    end if;
    return new;
end
$$;
create trigger schedule_touched before insert or update on schedule for each row execute function schedule_touched();

create function schedule_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if schedule_terms(new) = schedule_terms(old) then
            return null;
        end if;
    end if;
    insert into schedule_history (schedule_id, at, event, terms, changed_by, changed_via, reason)
    values (new.id, now(),
            case when tg_op = 'INSERT' then 'created' when new.deleted_at is not null and old.deleted_at is null then 'deleted'
                 when new.paused and not old.paused then 'paused' when old.paused and not new.paused then 'resumed' else 'changed' end,
            jsonb_strip_nulls(schedule_terms(new) - '{id,input,deleted_at,created_at}'::text[]), new.changed_by, new.changed_via, new.reason);
    perform pg_notify('schedule_changed', '');
    return null;
end
$$;
create trigger schedule_changed after insert or update on schedule for each row execute function schedule_changed();

create trigger schedules_are_kept before delete or truncate on schedule
    for each statement execute function refuse_change('set deleted_at; its log still names it');
create trigger fires_are_kept before update or truncate on schedule_fire
    for each statement execute function refuse_change('what came of a moment is not rewritten');
create trigger schedule_history_is_append_only before update or delete or truncate on schedule_history
    for each statement execute function refuse_change('history is append-only');
create trigger schedule_history_is_written_by_trigger before insert on schedule_history
    for each statement when (pg_trigger_depth() = 0) execute function refuse_change('the trigger of table schedule writes it');

-- Fires older than this are forgotten, 10,000 at a time. Returns how many were.
create function forget_fires(age interval) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    forgotten integer;
begin
    if age < interval '1 day' then
        raise exception 'the log of the last day is kept; age must be at least a day, not %', age;
    end if;
    delete from schedule_fire where ctid = any(array(select ctid from schedule_fire where decided_at < now() - age limit 10000));
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;

create view audit.schedule as
select id, name, cron, zone, every, once_at, anchor, jitter, overlap, catch_up, type, queue, priority, max_attempts, timeout, tags, metadata, paused, paused_at,
       paused_by, paused_reason, next_fire, last_fire, created_at, deleted_at, changed_at, changed_by, changed_via, reason
from schedule;

create view audit.schedule_fires as
select s.name, f.schedule_id, f.fire_at, f.decided_at, f.decided_at - f.fire_at as late, f.cause, f.outcome, f.reason, f.operation_id, f.decided_by
from schedule_fire f join schedule s on s.id = f.schedule_id;

create view audit.schedule_history as
select schedule_id, at, event, terms, changed_by, changed_via, reason
from schedule_history;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert, update on schedule to longhaul_service;
        grant select, insert on schedule_fire to longhaul_service;
        grant select on schedule_history to longhaul_service;
        grant execute on function forget_fires(interval) to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.schedule, audit.schedule_fires, audit.schedule_history to longhaul_reader;
    end if;
    revoke execute on function forget_fires(interval) from public;
end
$$;
