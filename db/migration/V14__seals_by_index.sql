-- Safe online: yes. A function is replaced; the seals it makes are the same.
--
-- Whatever was sealed lately, all seals that there are were read for it: with ten million, 4 s and more a turn, in which a snapshot was held and no report of progress could be heap-only.
-- Now the seal to go on from is looked up for each operation that has one.

create or replace function seal_history(transactions bigint, out entries bigint, out is_behind boolean)
    language plpgsql security definer set search_path = public, pg_temp set work_mem = '32MB' set jit = off
    set max_parallel_workers_per_gather = 0 as $$
declare
    low  bigint;
    high bigint;
    last bigint;
begin
    entries := 0;
    is_behind := false;
    select txid into low from seal_state for update skip locked;
    if not found then
        return;
    end if;
    last := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    high := least(low + transactions, last);
    is_behind := high < last;
    with fresh as (
        select operation_id, seq, history_entry(h) as link, min(seq) over (partition by operation_id) as first
        from operation_history h where txid >= low and txid < high),
    chained as (
        select f.operation_id, max(f.seq) as seq, count(*) as entries,
               chain(case when f.seq = f.first then chain_link(coalesce(s.hash, uuid_send(f.operation_id)), f.link) else f.link end order by f.seq) as hash
        from fresh f
        left join lateral (select hash from operation_seal where operation_id = f.operation_id and f.seq = f.first and f.first > 1 limit 1) as s on true
        group by f.operation_id),
    sealed as (
        insert into operation_seal (operation_id, seq, hash) select operation_id, seq, hash from chained
        on conflict (operation_id) do update set seq = excluded.seq, hash = excluded.hash),
    days as (
        insert into sealed_day (day, txid) select distinct operation_day(operation_id), high from chained
        on conflict (day) do update set txid = excluded.txid)
    select coalesce(sum(c.entries), 0) into entries from chained c;
    update seal_state set txid = high;
end
$$;
