-- Safe online: no. An index of one day's idempotency keys is built, which holds up submissions with a key for about a second per million of them; an old service may stay.

-- What the history tells behind a place, in the order of txid, operation and seq, as far as no transaction under way can still add to it. No index has that order: whoever was a million entries behind sorted them all, for every
-- page. So it is read by spans of transactions that grow until there is enough.
create function history_after(after_txid bigint, after_operation uuid, after_seq integer, most integer) returns setof operation_history
    language plpgsql stable set search_path = public, pg_temp as $$
declare
    low   bigint := after_txid;
    high  bigint;
    span  bigint := 256;
    last  constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    told  integer := 0;
    got   integer;
begin
    while low < last and told < most loop
        high := least(low + span, last);
        return query
            select * from operation_history
            where txid >= low and txid < high and (txid, operation_id, seq) > (after_txid, after_operation, after_seq) and event <> 'progress'
            order by txid, operation_id, seq limit most - told;
        get diagnostics got = row_count;
        told := told + got;
        low := high;
        span := span * 4;
    end loop;
end
$$;

-- Workers are never forgotten, since the history names them; those that are over are passed by.
create index worker_here on worker (id) where status <> 'ended';

-- The pages of keys that were forgotten are filled anew, and then a range of pages says nothing about ages.
create index idempotency_key_created on idempotency_key (created_at);
drop index idempotency_key_age;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant execute on function history_after(bigint, uuid, integer, integer) to longhaul_service;
    end if;
    revoke execute on function history_after(bigint, uuid, integer, integer) from public;
end
$$;
