-- Safe online: yes. New tables and functions; an old service meets operations that left as ones that never were.
--
-- The past leaves by days, never by DELETE: a day's partitions are taken out and dropped, which takes as long with a million operations as with ten.
-- What must stay longer than its day (what is not over, what failed not long ago, what somebody holds) is moved to the default partitions in the same
-- transaction, so it is never out of sight. retire_day() does it; the service calls it when settings say so (longhaul.retention).

create table retention_limit (
    id       boolean  primary key default true check (id),  -- one row
    shortest interval not null default interval '1 day'
);
comment on table retention_limit is 'How long operations are kept at least after their end, whatever the service asks for. Only the owner may change it: whoever has stolen the service''s password lets no newer day leave.';
insert into retention_limit default values;

create table operation_hold (
    operation_id uuid        primary key,
    reason       text        not null,
    held_at      timestamptz not null default now(),
    held_by      text        not null default session_user,
    released_at  timestamptz,
    released_by  text
);
comment on table operation_hold is 'Operations that stay, with their history, until somebody releases them: for a lawsuit, for an inquiry.';

create table day_export (
    day          date        primary key,
    operation_id uuid        not null,                 -- the operation that exported it
    folder       text        not null,
    exported_at  timestamptz not null default now()
);
comment on table day_export is 'Which days of operations were written to files, by which operation and where.';

create table retired_day (
    day        date        primary key,
    operations bigint      not null,                   -- how many left
    kept       bigint      not null,                   -- how many stayed longer
    retired_at timestamptz not null default now()
);
comment on table retired_day is 'Which days'' operations are gone: who asks for one of them is told so (410), and not that there never was one.';

-- Takes out the day's operations, or with null those that stayed in the default partitions beyond theirs. Returns how many left and how many stay; left is null if
-- there is no such partition, or too many would stay (then kept says how many), or another session is at it.
-- It first looks at all rows without a lock, hour by hour of their submission with a rest after each, so that those who work go on as before; looked says how
-- long that took. Then it locks the tables, for as long as it takes to move what stays: keep most_kept small.
create function retire_day(which date, finished interval, failed interval, most_kept integer, out left_ bigint, out kept bigint, out looked interval)
    language plpgsql security definer set search_path = public, pg_temp set jit = off as $$
declare
    suffix  constant text := coalesce(to_char(which, '_YYYY_MM_DD'), '_default');
    roots   constant text[] := array(select relname from pg_class where relkind = 'p' and relname like 'operation%' and relnamespace = 'public'::regnamespace order by relname);
    parents uuid[];
    stay    uuid[];
    staying uuid[];
    counts  jsonb := '[]';
    seen    pg_snapshot;
    look    record;
    low     uuid;
    high    uuid;
    begun   timestamptz;
    changed uuid[];
    root    text;
    part    text;
    got     boolean := false;
    least_time constant interval := (select shortest from retention_limit);
begin
    if least(finished, failed) < least_time then
        raise exception 'operations are kept for at least % after their end, not %: see table retention_limit', least_time, least(finished, failed)
            using errcode = 'check_violation';
    end if;
    if which > (now() - least(finished, failed))::date then
        raise exception 'the operations of % are kept until they have been over for %, which those of that day cannot have been', which, least(finished, failed);
    end if;
    if to_regclass('operation' || suffix) is null or not pg_try_advisory_xact_lock(7241003, 3) then
        return;
    end if;
    execute format('select array(select distinct parent_id from %I where parent_id is not null)', 'operation' || suffix) into parents;
    parents := array(select id from operation where id = any (parents) and finished_at is null);
    left_ := 0;
    kept := 0;
    seen := pg_current_snapshot();   -- before any row is looked at: what changes from now on stays
    for hour in 0..case when which is null then 0 else 23 end loop
        begun := clock_timestamp();
        low := operation_id_at(which::timestamp at time zone 'UTC' + hour * interval '1 hour');
        high := operation_id_at(which::timestamp at time zone 'UTC' + (hour + 1) * interval '1 hour');
        execute format($q$
        with looked as (
            select o.id, o.type, o.queue, o.status,
                   o.finished_at is null or o.finished_at > now() - case when o.status = 'failed' then $2 else $1 end
                   or o.id in (select operation_id from operation_hold where released_at is null)
                   or o.parent_id = any ($3) as stays
            from %I o
            where $4 is null or o.id >= $4 and o.id < $5),
        summed as (select type, queue, status, count(*) filter (where stays is not true) as number, array_agg(id) filter (where stays) as ids from looked group by 1, 2, 3)
        select coalesce(sum(number), 0) as leaving, coalesce(sum(cardinality(ids)), 0) as staying, coalesce(jsonb_agg(jsonb_build_array(type, queue, status, number)), '[]') as counts,
               (select array_agg(id) from summed s cross join unnest(s.ids) as id) as ids
        from summed$q$, 'operation' || suffix) into look using finished, failed, parents, low, high;
        left_ := left_ + look.leaving;
        kept := kept + look.staying;
        counts := counts || look.counts;
        stay := stay || look.ids;
        perform pg_sleep(least(0.5, 3 * extract(epoch from clock_timestamp() - begun)));
    end loop;
    looked := clock_timestamp() - now();
    if kept > most_kept or left_ = 0 and which is null then
        left_ := null;
        return;
    end if;
    -- Who waits for a lock makes all others wait behind him, so he gives up soon and tries again.
    for attempt in 1..40 loop
        begin
            set local lock_timeout = '100ms';
            foreach root in array roots loop
                execute format('lock table only %I in access exclusive mode', root);
                execute format('lock table %I in access exclusive mode', root || '_default');
            end loop;
            got := true;
            exit;
        exception when lock_not_available then
            perform pg_sleep(0.1 + random() * 0.4);
        end;
    end loop;
    if not got then
        raise exception 'the operations are in use by a long transaction: day % could not be taken out', suffix using errcode = 'lock_not_available';
    end if;
    set local lock_timeout = 0;
    foreach root in array roots loop
        part := root || suffix;
        continue when to_regclass(part) is null;
        execute format('alter table %I detach partition %I', root, part);
        execute format('alter table %I rename to %I', part, root || '_leaves');
        if which is null then
            execute format('create table %I partition of %I default', part, root);
            perform tune_partition(root, part);
        end if;
    end loop;
    -- What changed since we looked stays, too.
    select array_agg(distinct operation_id) into changed
    from operation_history_leaves where txid >= pg_snapshot_xmin(seen)::text::bigint and not pg_visible_in_snapshot(txid::text::xid8, seen);
    staying := array(select distinct id from unnest(stay || changed) as id);
    foreach root in array roots loop
        continue when to_regclass(root || '_leaves') is null;
        if cardinality(staying) > 0 then
            execute format('alter table %I disable trigger user', root || '_default');
            execute format('insert into %I select * from %I where %I = any($1)', root || '_default', root || '_leaves', case root when 'operation' then 'id' else 'operation_id' end) using staying;
            execute format('alter table %I enable trigger user', root || '_default');
        end if;
    end loop;
    insert into operation_delta (type, queue, status, more, entered)
    select c ->> 0, c ->> 1, c ->> 2, -(c ->> 3)::bigint, 0 from jsonb_array_elements(counts) as c where (c ->> 3)::bigint > 0
    union all
    select o.type, o.queue, first.from_status, 1, 0   -- counted as leaving, and stays since it changed
    from unnest(changed) as c (id) join operation_leaves o on o.id = c.id
    cross join lateral (select from_status from operation_history_leaves h
                        where h.operation_id = c.id and txid >= pg_snapshot_xmin(seen)::text::bigint and not pg_visible_in_snapshot(txid::text::xid8, seen)
                        order by seq limit 1) as first
    where first.from_status in ('completed', 'failed', 'cancelled') and c.id <> all (coalesce(stay, '{}'));
    left_ := left_ + kept - cardinality(staying);
    kept := cardinality(staying);
    if which is not null then
        insert into retired_day (day, operations, kept) values (which, left_, kept);
    end if;
    foreach root in array roots loop
        execute format('drop table if exists %I', root || '_leaves');
    end loop;
end
$$;

create view audit.hold as select operation_id, reason, held_at, held_by, released_at, released_by from operation_hold;
comment on view audit.hold is 'Operations that stay, with their history, until somebody releases them.';
create view audit.retired_day as
select r.day, r.operations, r.kept, r.retired_at, e.folder as exported_to, e.operation_id as exported_by, e.exported_at
from retired_day r left join day_export e on e.day = r.day;
comment on view audit.retired_day is 'Which days'' operations are gone, since when, how many, how many stayed longer, and where they were exported to.';

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert, update (reason, held_at, held_by, released_at, released_by) on operation_hold to longhaul_service;
        grant select, insert, update on day_export to longhaul_service;
        grant select on retired_day, retention_limit to longhaul_service;
        grant execute on function retire_day(date, interval, interval, integer) to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.hold, audit.retired_day to longhaul_reader;
    end if;
    revoke execute on function retire_day(date, interval, interval, integer) from public;
end
$$;
