-- Safe online: yes. A new table; a function that does as before, and tells more.
--
-- A day's operations were looked at within the one transaction in which the day left. It took 21 s with a million of them, and as long no row version that was replaced anywhere could be cleared away: claims had to pass by those of all that
-- was carried meanwhile, and were a quarter slower. Beyond 30 s the service hung up. Now each ten minutes of the day are looked at by a statement of their own, and what was seen is kept until the day leaves.

create table day_look (
    day       date        not null,
    part      smallint    not null,                    -- which ten minutes
    low       uuid        not null,
    high      uuid        not null,
    finished  interval    not null,
    failed    interval    not null,
    seen      pg_snapshot not null,                    -- what changes from then on stays
    looked_at timestamptz not null default now(),
    counts    jsonb       not null,                    -- what can leave: type, queue, status, number
    stay      uuid[]      not null,
    primary key (day, part)
);
comment on table day_look is 'What retire_day() is about to do with ten minutes of a day, and as of when. Empty but while a day is on its way out, or would be if less of it had to stay.';

-- Looks at those ten minutes (0 to 143) of the day, without a lock. What was seen within six hours is still good: what has changed since then is told by the history.
create function look_at_day(which date, ten_minutes integer, keep_finished interval, keep_failed interval) returns void
    language plpgsql security definer set search_path = public, pg_temp set jit = off set max_parallel_workers_per_gather = 0 as $$
declare
    partition constant text := 'operation' || to_char(which, '_YYYY_MM_DD');
    snapshot  constant pg_snapshot := pg_current_snapshot();   -- before any row is looked at
    first     constant uuid := operation_id_at(which::timestamp at time zone 'UTC' + ten_minutes * interval '10 minutes');
    after     constant uuid := operation_id_at(which::timestamp at time zone 'UTC' + (ten_minutes + 1) * interval '10 minutes');
    parents   uuid[];
begin
    if ten_minutes not between 0 and 143 then
        raise exception 'a day has the ten minutes 0 to 143, not %', ten_minutes;
    end if;
    if to_regclass(partition) is null or exists (
            select from day_look l where (l.day, l.part, l.finished, l.failed) = (which, ten_minutes, keep_finished, keep_failed) and l.looked_at > now() - interval '6 hours') then
        return;
    end if;
    execute format('select array(select distinct parent_id from %I where parent_id is not null and id >= $1 and id < $2)', partition) into parents using first, after;
    parents := array(select id from operation where id = any (parents) and finished_at is null);
    execute format($q$
        with looked as (
            select o.id, o.type, o.queue, o.status,
                   o.finished_at is null or o.finished_at > now() - case when o.status = 'failed' then $4 else $3 end
                   or o.id in (select operation_id from operation_hold where released_at is null)
                   or o.parent_id = any ($5) as stays
            from %I o
            where o.id >= $1 and o.id < $2),
        summed as (select type, queue, status, count(*) filter (where stays is not true) as number, array_agg(id) filter (where stays) as ids from looked group by 1, 2, 3)
        insert into day_look (day, part, low, high, finished, failed, seen, counts, stay)
        select $6, $7, $1, $2, $3, $4, $8, coalesce(jsonb_agg(jsonb_build_array(type, queue, status, number)) filter (where number > 0), '[]'),
               array(select id from summed s cross join unnest(s.ids) as id)
        from summed
        on conflict (day, part) do update set finished = excluded.finished, failed = excluded.failed, seen = excluded.seen, looked_at = excluded.looked_at, counts = excluded.counts, stay = excluded.stay
        $q$, partition) using first, after, keep_finished, keep_failed, parents, which, ten_minutes, snapshot;
end
$$;

-- The tables that are partitioned by days, in the order in which they are locked.
create function operation_roots() returns text[] language sql stable set search_path = public, pg_temp
return array(select relname::text from pg_class where relkind = 'p' and relname like 'operation%' and relnamespace = 'public'::regnamespace order by relname);

-- Of those that stayed beyond their days a thousand at most whose own time is over. They are the only ones that leave by DELETE: to take their partitions out would move all that have to stay longer, again and again.
create function retire_kept(keep_finished interval, keep_failed interval, out left_ bigint, out locked interval)
    language plpgsql security definer set search_path = public, pg_temp set jit = off set max_parallel_workers_per_gather = 0 as $$
declare
    roots constant text[] := operation_roots();
    root  text;
    ids   uuid[];
    gone  uuid[];
    got   timestamptz;
begin
    ids := array(select id from operation_default where finished_at < now() - case when status = 'failed' then keep_failed else keep_finished end
                   and id not in (select operation_id from operation_hold where released_at is null)
                   and (parent_id is null or not exists (select from operation p where p.id = parent_id and p.finished_at is null)) limit 1000);
    left_ := 0;
    if cardinality(ids) = 0 then
        return;
    end if;
    got := lock_all(array(select unnest(roots) || '_default'), 'share row exclusive');
    foreach root in array roots loop
        execute format('alter table %I disable trigger user', root || '_default');
    end loop;
    with going as (
        delete from operation_default where id = any (ids) and finished_at < now() - case when status = 'failed' then keep_failed else keep_finished end
               and id not in (select operation_id from operation_hold where released_at is null) returning id, type, queue, status),
    counted as (insert into operation_delta (type, queue, status, more, entered) select type, queue, status, -count(*), 0 from going group by 1, 2, 3)
    select array_agg(id), count(*) into gone, left_ from going;
    foreach root in array roots loop
        if root <> 'operation' then
            execute format('delete from %I where operation_id = any ($1)', root || '_default') using gone;
        end if;
        execute format('alter table %I enable trigger user', root || '_default');
    end loop;
    locked := clock_timestamp() - got;
end
$$;

-- Who waits for a lock makes all others wait behind him, so he gives up soon and tries again. Returns when it was got.
create function lock_all(names text[], mode text) returns timestamptz language plpgsql set search_path = public, pg_temp as $$
declare
    begun timestamptz;
    name  text;
begin
    for attempt in 1..40 loop
        begin
            set local lock_timeout = '100ms';
            begun := clock_timestamp();
            foreach name in array names loop
                execute format('lock table only %I in %s mode', name, mode);
            end loop;
            set local lock_timeout = 0;
            return begun;
        exception when lock_not_available then
            perform pg_sleep(0.1 + random() * 0.4);
        end;
    end loop;
    raise exception 'the operations are in use by a long transaction: nothing could be taken out' using errcode = 'lock_not_available';
end
$$;

drop function retire_day(date, interval, interval, integer);

-- Takes out the day's operations, or with null some of those that stayed in the default partitions beyond theirs (see retire_kept). Returns how many left and how many stay; left is null if
-- there is no such partition, or too many would stay (then kept says how many), or another session is at it.
-- It goes by what look_at_day() saw, and looks itself at what nobody has looked at, which took as long as looked says. Then it locks the tables, for as long as it takes to move what stays: keep
-- most_kept small. locked says how long that took, in which all others waited.
create function retire_day(which date, finished interval, failed interval, most_kept integer, out left_ bigint, out kept bigint, out looked interval, out locked interval)
    language plpgsql security definer set search_path = public, pg_temp set jit = off set max_parallel_workers_per_gather = 0 as $$
declare
    suffix  constant text := to_char(which, '_YYYY_MM_DD');
    roots   constant text[] := operation_roots();
    oldest  bigint;
    stay    uuid[];
    changed uuid[];
    were    text[];
    staying uuid[];
    begun   timestamptz;
    root    text;
    part    text;
    got     timestamptz;
    least_time constant interval := (select shortest from retention_limit);
begin
    if least(finished, failed) < least_time then
        raise exception 'operations are kept for at least % after their end, not %: see table retention_limit', least_time, least(finished, failed)
            using errcode = 'check_violation';
    end if;
    if which > (now() - least(finished, failed))::date then
        raise exception 'the operations of % are kept until they have been over for %, which those of that day cannot have been', which, least(finished, failed);
    end if;
    if to_regclass('operation' || coalesce(suffix, '_default')) is null or not pg_try_advisory_xact_lock(7241003, 3) then
        return;
    end if;
    if which is null then
        select k.left_, k.locked into left_, locked from retire_kept(finished, failed) as k;
        return;
    end if;
    for ten_minutes in 0..143 loop
        begun := clock_timestamp();
        perform look_at_day(which, ten_minutes, finished, failed);
        if clock_timestamp() - begun > interval '10 milliseconds' then
            perform pg_sleep(least(5, 9 * extract(epoch from clock_timestamp() - begun)));
        end if;
    end loop;
    select coalesce(sum((select sum((c ->> 3)::bigint) from jsonb_array_elements(l.counts) as c)), 0), coalesce(sum(cardinality(l.stay)), 0), min(pg_snapshot_xmin(l.seen)::text::bigint)
    into left_, kept, oldest
    from day_look l where l.day = which;
    looked := clock_timestamp() - now();
    if kept > most_kept then
        left_ := null;   -- what was seen is good for some hours, in which it is not read again
        return;
    end if;
    stay := array(select id from day_look l cross join unnest(l.stay) as id where l.day = which);
    got := lock_all(array(select unnest(roots) union all select unnest(roots) || '_default'), 'access exclusive');
    foreach root in array roots loop
        part := root || suffix;
        continue when to_regclass(part) is null;
        execute format('alter table %I detach partition %I', root, part);
        execute format('alter table %I rename to %I', part, root || '_leaves');
    end loop;
    -- What changed since it was looked at stays, too, and so does what somebody has held since.
    select array_agg(operation_id), array_agg(coalesce(from_status, '')) into changed, were
    from (select distinct on (h.operation_id) h.operation_id, h.from_status
          from operation_history_leaves h join day_look l on l.day = which and h.operation_id >= l.low and h.operation_id < l.high
          where h.txid >= oldest and not pg_visible_in_snapshot(h.txid::text::xid8, l.seen)
          order by h.operation_id, h.seq) as since;
    staying := array(select unnest(stay) union select unnest(changed) union select h.operation_id from operation_hold h join operation_leaves o on o.id = h.operation_id where h.released_at is null);
    foreach root in array roots loop
        continue when to_regclass(root || '_leaves') is null;
        if cardinality(staying) > 0 then
            execute format('alter table %I disable trigger user', root || '_default');
            execute format('insert into %I select * from %I where %I = any($1)', root || '_default', root || '_leaves', case root when 'operation' then 'id' else 'operation_id' end) using staying;
            execute format('alter table %I enable trigger user', root || '_default');
        end if;
    end loop;
    insert into operation_delta (type, queue, status, more, entered)
    select c ->> 0, c ->> 1, c ->> 2, -sum((c ->> 3)::bigint), 0
    from day_look l cross join jsonb_array_elements(l.counts) as c where l.day = which group by 1, 2, 3
    union all
    select o.type, o.queue, coalesce(c.was, o.status), 1, 0   -- counted as leaving, and stays after all
    from unnest(staying) as s (id) join operation_leaves o using (id) left join unnest(changed, were) as c (id, was) using (id)
    where coalesce(c.was, o.status) in ('completed', 'failed', 'cancelled') and s.id not in (select unnest(stay));
    left_ := left_ + kept - cardinality(staying);
    kept := cardinality(staying);
    delete from day_look l where l.day = which;
    insert into retired_day (day, operations, kept) values (which, left_, kept);
    foreach root in array roots loop
        execute format('drop table if exists %I', root || '_leaves');
    end loop;
    locked := clock_timestamp() - got;
end
$$;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant execute on function look_at_day(date, integer, interval, interval), retire_day(date, interval, interval, integer) to longhaul_service;
    end if;
    revoke execute on function look_at_day(date, integer, interval, interval), retire_day(date, interval, interval, integer), retire_kept(interval, interval), lock_all(text[], text), operation_roots() from public;
end
$$;
