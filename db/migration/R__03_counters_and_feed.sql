-- Counters, and the change feed.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- counters -----------------------------------------------------------------------------------------------------------

-- Moves count_delta to operation_count and hourly_count. Returns how many rows it moved, or -1 if another session does.
-- Called each second; quick when there is nothing.
create or replace function merge_counts() returns integer
    language plpgsql security definer set search_path from current as $$
declare
    merged integer;
begin
    if not pg_try_advisory_xact_lock(7241003, 2) then
        return -1;
    end if;
    with moved as (delete from count_delta returning *),
    counted as (
        insert into operation_count as c (namespace, type, queue, status, number)
        select namespace, type, queue, status, sum(number)
        from (select namespace, type, queue, to_status as status, number from moved
              union all select namespace, type, queue, from_status, -number from moved
                  where from_status <> 'submitted') as change
        where status is not null
        group by 1, 2, 3, 4 having sum(number) <> 0 order by 1, 2, 3, 4
        on conflict (namespace, type, queue, status) do update set number = c.number + excluded.number),
    entered as (
        insert into hourly_count as h (hour, namespace, type, queue, status, entered)
        select date_trunc('hour', at, 'UTC'), namespace, type, queue, case from_status when 'submitted'
            then 'submitted' else to_status end, sum(number)
        from moved where from_status is not null and to_status is not null
        group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        on conflict (hour, namespace, type, queue, status) do update set entered = h.entered + excluded.entered)
    select count(*) into merged from moved;
    return merged;
end
$$;

-- the change feed ----------------------------------------------------------------------------------------------------

-- The entries after a place, in the order of txid, operation and seq, as far as no running transaction can add to them.
-- No index has that order, and a reader a million entries behind would sort them all for each page. So it reads spans
-- of transactions that grow until there is enough.
create or replace function history_after(after_txid bigint, after_operation uuid, after_seq integer, most integer)
    returns setof operation_history language plpgsql stable set search_path from current as $$
declare
    low  bigint := after_txid;
    high bigint;
    span bigint := 256;
    last constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    told integer := 0;
    got  integer;
begin
    while low < last and told < most loop
        high := least(low + span, last);
        return query
            select * from operation_history
            where txid >= low and txid < high and (txid, operation_id, seq) > (after_txid, after_operation,
                after_seq) and event <> 'progress'
            order by txid, operation_id, seq limit most - told;
        get diagnostics got = row_count;
        told := told + got;
        low := high;
        span := span * 4;
    end loop;
end
$$;
