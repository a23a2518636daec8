-- How operations leave: by partitions, not by DELETE. A partition is detached and dropped, which takes as long with a
-- million operations as with ten. The service calls retire_partition() when longhaul.retention says so.
--
-- Live operations are in no partition of operation_past, so they hold up nothing; their history, steps, input
-- requests, logs
-- and digests are carried over to the default partitions. So is all of an operation that is kept on purpose: it
-- finished too
-- recently, is held, or has a live parent. This is one transaction, so nothing is ever out of sight. A carried
-- operation
-- leaves later from there by purge_retained().
--
-- Locks: operation_past and its companions, never operation_live. Claims wait for the history while rows are carried
-- over:
-- 5,000 operations take a fraction of a second. Partitions with more operations kept on purpose stay until there are
-- fewer.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- A waiting lock request makes all later ones wait, so this gives up soon and tries again. Returns when it got the
-- locks.
create or replace function lock_tables(names text[], mode text) returns timestamptz
    language plpgsql set search_path from current as $$
declare
    started timestamptz;
    name    text;
begin
    for attempt in 1..40 loop
        begin
            set local lock_timeout = '100ms';
            started := clock_timestamp();
            foreach name in array names loop
                execute format('lock table only %I in %s mode', name, mode);
            end loop;
            set local lock_timeout = 0;
            return started;
        exception when lock_not_available then
            perform pg_sleep(0.1 + random() * 0.4);
        end;
    end loop;
    raise exception 'a long transaction uses the operations: nothing could leave' using errcode = 'lock_not_available';
end
$$;

-- Plans one of 144 parts of a partition without a lock: which operations can leave, and as of which snapshot. Each
-- part is a
-- transaction of its own: one that lasted would keep dead rows everywhere, and slow down all claims. A plan holds for
-- six
-- hours; the history tells what changed since.
create or replace function plan_retirement(partition_day date, part integer, finished interval,
    failed interval) returns void
    language plpgsql security definer set search_path from current set jit = off set max_parallel_workers_per_gather
        = 0 as $$
declare
    past     constant text := 'operation_past' || to_char(partition_day, '_YYYY_MM_DD');
    snapshot constant pg_snapshot := pg_current_snapshot();   -- before any row is read
    starts   timestamptz;
    step     interval;
    low      uuid;
    high     uuid;
    parents  uuid[];
begin
    if part not between 0 and 143 then
        raise exception 'a partition has the parts 0 to 143, not %', part;
    end if;
    select p.first_day::timestamp at time zone 'UTC', ((p.end_day::timestamp - p.first_day::timestamp) / 144)
        into starts, step
    from operation_partition p where p.first_day = partition_day;
    if not found or exists (
            select from retirement_plan l
            where (l.first_day, l.part, l.keep_finished, l.keep_failed)
                = (partition_day, plan_retirement.part, finished, failed)
              and l.planned_at > now() - interval '6 hours') then
        return;
    end if;
    low  := operation_id_at(starts + part * step);
    high := operation_id_at(starts + (part + 1) * step);
    execute format('select array(select distinct parent_id from %I where parent_id is not null and id >= $1 and id < $2)',
                   past)
    into parents using low, high;
    parents := array(select id from operation where id = any (parents) and status in ('pending', 'running', 'waiting'));
    execute format($q$
        with looked as (
            select o.id, o.namespace, o.type, o.queue, o.status,
                   o.finished_at > now() - case when o.status = 'failed' then $4 else $3 end
                   or o.id in (select operation_id from retention_hold where released_at is null)
                   or o.id in (select operation_id from %I
                               where operation_id >= $1 and operation_id < $2
                                 and txid >= pg_snapshot_xmin($8)::text::bigint)
                   or o.parent_id = any ($5) as stays
            from %I o
            where o.id >= $1 and o.id < $2),
        summed as (
            select namespace, type, queue, status, count(*) filter (where stays is not true) as number, array_agg(id)
                filter (where stays) as ids
            from looked group by 1, 2, 3, 4)
        insert into retirement_plan (first_day, part, low, high, keep_finished, keep_failed, seen, counts, retained_ids)
        select $6, $7, $1, $2, $3, $4, $8,
               coalesce(jsonb_agg(jsonb_build_array(namespace, type, queue, status, number))
                   filter (where number > 0), '[]'),
               array(select id from summed s cross join unnest(s.ids) as id)
        from summed
        on conflict (first_day, part) do update set
            keep_finished = excluded.keep_finished, keep_failed = excluded.keep_failed, seen = excluded.seen,
                planned_at = excluded.planned_at,
            counts = excluded.counts, retained_ids = excluded.retained_ids
        $q$, replace(past, 'operation_past', 'operation_history'), past)
        using low, high, finished, failed, parents, partition_day, part, snapshot;
end
$$;

-- Deletes of the operations carried over at most a thousand whose time has passed. These alone leave by DELETE: to
-- detach
-- their partition would carry over all the others again.
create or replace function purge_retained(finished interval, failed interval, out retired bigint, out locked interval)
    language plpgsql security definer set search_path from current set jit = off set max_parallel_workers_per_gather
        = 0 as $$
declare
    roots   constant text[] := partitioned_tables();
    root    text;
    ids     uuid[];
    gone    uuid[];
    started timestamptz;
begin
    ids := array(
        select id from operation_past_default
        where finished_at < now() - case when status = 'failed' then failed else finished end
          and id not in (select operation_id from retention_hold where released_at is null)
          and (parent_id is null or not exists (select from operation p where p.id = parent_id
              and p.status in ('pending', 'running', 'waiting')))
        limit 1000);
    retired := 0;
    if cardinality(ids) = 0 then
        return;
    end if;
    started := lock_tables(array(select unnest(roots) || '_default'), 'share row exclusive');
    foreach root in array roots loop
        execute format('alter table %I disable trigger user', root || '_default');
    end loop;
    with going as (
        delete from operation_past_default
        where id = any (ids) and finished_at < now() - case when status = 'failed' then failed else finished end
          and id not in (select operation_id from retention_hold where released_at is null)
        returning id, namespace, type, queue, status),
    counted as (
        insert into count_delta (namespace, type, queue, from_status, number) select namespace, type, queue, status,
            count(*) from going group by 1, 2, 3, 4)
    select array_agg(id), count(*) into gone, retired from going;
    foreach root in array roots loop
        if root <> 'operation_past' then
            execute format('delete from %I where operation_id = any ($1)', root || '_default') using gone;
        end if;
        execute format('alter table %I enable trigger user', root || '_default');
    end loop;
    locked := clock_timestamp() - started;
end
$$;

-- Retires the partition that begins with this day; null: purges operations carried over (see purge_retained).
-- retired: how many operations left; null: there is no such partition, too many would stay, or another session is at
-- it.
-- retained: how many stay on purpose. planned, locked: how long it planned, and how long others waited.
-- It follows plan_retirement(), and plans the parts that nobody has planned.
create or replace function retire_partition(partition_day date, finished interval, failed interval,
    most_retained integer,
                                            out retired bigint, out retained bigint, out planned interval,
                                                out locked interval)
    language plpgsql security definer set search_path from current set jit = off set max_parallel_workers_per_gather
        = 0 as $$
declare
    suffix   constant text := to_char(partition_day, '_YYYY_MM_DD');
    roots    constant text[] := partitioned_tables();
    shortest constant interval := (select l.shortest from retention_limit l);
    last_day date;
    low      uuid;
    high     uuid;
    oldest   bigint;
    planned_ids uuid[];
    changed  uuid[];
    former   text[];
    staying  uuid[];
    live     uuid[];
    begun    timestamptz;
    started  timestamptz;
    root     text;
begin
    if least(finished, failed) < shortest then
        raise exception 'operations are kept for at least % after their end, not %: see table retention_limit',
            shortest, least(finished, failed)
            using errcode = 'check_violation';
    end if;
    if partition_day is null then
        select p.retired, p.locked into retired, locked from purge_retained(finished, failed) as p;
        return;
    end if;
    select p.end_day into last_day from operation_partition p where p.first_day = partition_day;
    if not found or not pg_try_advisory_xact_lock(7241003, 3) then
        return;
    end if;
    if last_day > (now() - least(finished, failed))::date then
        raise exception 'operations of % to % are kept for % after their end, which they cannot have reached',
            partition_day, last_day - 1,
            least(finished, failed) using errcode = 'check_violation';
    end if;
    low  := operation_id_at(partition_day::timestamp at time zone 'UTC');
    high := operation_id_at(last_day::timestamp at time zone 'UTC');
    for part in 0..143 loop
        begun := clock_timestamp();
        perform plan_retirement(partition_day, part, finished, failed);
        if clock_timestamp() - begun > interval '10 milliseconds' then
            perform pg_sleep(least(5, 9 * extract(epoch from clock_timestamp() - begun)));
        end if;
    end loop;
    select coalesce(sum((select sum((c ->> 4)::bigint) from jsonb_array_elements(l.counts) as c)), 0),
        coalesce(sum(cardinality(l.retained_ids)), 0),
           min(pg_snapshot_xmin(l.seen)::text::bigint)
    into retired, retained, oldest
    from retirement_plan l where l.first_day = partition_day;
    planned := clock_timestamp() - now();
    if retained > most_retained then
        retired := null;   -- the plan holds for some hours, in which the partition is not read again
        return;
    end if;
    planned_ids := array(select id from retirement_plan l cross join unnest(l.retained_ids) as id
        where l.first_day = partition_day);
    started := lock_tables(array(select unnest(roots) union all select unnest(roots) || '_default'),
        'access exclusive');
    foreach root in array roots loop
        execute format('alter table %I detach partition %I', root, root || suffix);
        execute format('alter table %I rename to %I', root || suffix, root || '_leaves');
    end loop;
    -- Operations that changed since they were planned stay, and so do those held since. An entry that the plan could
    -- not see is at or above the snapshot's xmin; operations with an entry there that it saw are planned to stay.
    select array_agg(operation_id), array_agg(coalesce(from_status, '')) into changed, former
    from (select distinct on (h.operation_id) h.operation_id, h.from_status
          from operation_history_leaves h join retirement_plan l on l.first_day = partition_day
              and h.operation_id >= l.low and h.operation_id < l.high
          where h.txid >= oldest and h.txid >= pg_snapshot_xmin(l.seen)::text::bigint
          order by h.operation_id, h.seq) as since;
    live := array(select id from operation where status in ('pending', 'running', 'waiting') and id >= low
        and id < high);
    staying := array(select unnest(planned_ids) union select unnest(changed)
                     union select h.operation_id from retention_hold h join operation_past_leaves o on o.id
                         = h.operation_id where h.released_at is null);
    foreach root in array roots loop
        if cardinality(staying) + cardinality(live) > 0 then
            execute format('alter table %I disable trigger user', root || '_default');
            execute format('insert into %I select * from %I where %I = any($1) or %I = any($2)', root || '_default',
                root || '_leaves', id_column(root),
                           id_column(root)) using staying, live;
            execute format('alter table %I enable trigger user', root || '_default');
        end if;
    end loop;
    insert into count_delta (namespace, type, queue, from_status, to_status, number)
    select c ->> 0, c ->> 1, c ->> 2, c ->> 3, null, sum((c ->> 4)::bigint)
    from retirement_plan l cross join jsonb_array_elements(l.counts) as c where l.first_day = partition_day
        group by 1, 2, 3, 4
    union all
    -- counted as leaving, and stays after all
    select o.namespace, o.type, o.queue, null, coalesce(c.former, o.status), 1
    from unnest(staying) as s (id) join operation o using (id) left
        join unnest(changed, former) as c (id, former) using (id)
    where coalesce(c.former, o.status) in ('completed', 'failed', 'cancelled') and s.id <> all (planned_ids);
    select count(*) into retained from operation_past_default where id = any(staying);
    select count(*) - retained into retired from operation_past_leaves;
    delete from retirement_plan l where l.first_day = partition_day;
    delete from operation_partition p where p.first_day = partition_day;
    insert into retired_partition (first_day, end_day, operations, retained)
        values (partition_day, last_day, retired, retire_partition.retained);
    foreach root in array roots loop
        execute format('drop table %I', root || '_leaves');
    end loop;
    locked := clock_timestamp() - started;
end
$$;
