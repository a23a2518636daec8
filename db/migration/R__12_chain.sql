-- Evidence that nobody rewrote the history. The service may not change it, but the owner of the server could. So each
-- operation's history is a hash chain: SHA-256 over its entries, of which chain_digest keeps the newest link. Once a
-- day
-- an anchor sums up the digests of a day's operations; it can be signed and kept elsewhere. docs/${audit}.md says what
-- this proves.
--
-- The chain covers digests of input, output, answers and texts, not the values. So erase_data() can erase the values,
-- and
-- the chain still verifies.
--
-- Chains are extended some seconds later, in batches, by one node, and not by the trigger that writes history: there
-- they
-- cost the engine's one connection 17 % more of its time (docs/decisions/0015).
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create or replace function chain_link(before bytea,
    link bytea) returns bytea language sql immutable strict parallel safe
return sha256(before || link);
-- begins with the first one itself
create or replace aggregate chain(bytea) (sfunc = chain_link, stype = bytea, parallel = restricted);

-- Of the texts of an entry, as they were before they were erased. Null: it has none.
create or replace function texts_digest(reason text, message text, error jsonb,
    changes jsonb) returns bytea language sql stable parallel safe
return case when num_nonnulls(reason, message, error, changes) > 0
            then sha256(convert_to(row(reason, message, error, changes)::text, 'UTF8')) end;

-- All that an entry says. stable, not immutable: only so the planner puts it in line, which takes a third of the time.
create or replace function entry_digest(h operation_history) returns bytea language sql stable parallel safe
return sha256(convert_to(row(h.operation_id, h.seq, h.version, extract(epoch from h.at), h.event, h.from_status,
    h.to_status, h.attempt, h.changed_by,
                             h.recorded_by, h.source, h.progress, h.worker_id, h.run_id, h.task_version, h.txid,
                                 h.digest,
                             coalesce(h.texts_digest, texts_digest(h.reason, h.message, h.error, h.changes)))::text,
                                 'UTF8'));

-- Extends the chains by the entries of at most so many further transactions that all have ended: later commits have a
-- higher
-- number than the snapshot's xmin. Returns how many entries, and whether more transactions are left. One session at a
-- time;
-- the others get (0, false). The digest to go on from is looked up by key: a join read all that there are.
create or replace function extend_chain(transactions bigint, out entries bigint, out is_behind boolean)
    language plpgsql security definer set search_path from current set work_mem = '32MB' set jit = off
    set max_parallel_workers_per_gather = 0 as $$
declare
    low  bigint;
    high bigint;
    last bigint;
begin
    entries := 0;
    is_behind := false;
    select txid into low from chain_state for update skip locked;
    if not found then
        return;
    end if;
    last := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    high := least(low + transactions, last);
    is_behind := high < last;
    if high <= low then
        return;
    end if;
    with fresh as (
        select operation_id, seq, entry_digest(h) as link, min(seq) over (partition by operation_id) as first
        from operation_history h where txid >= low and txid < high),
    chained as (
        select f.operation_id, max(f.seq) as seq, count(*) as entries,
               chain(case when f.seq = f.first then chain_link(coalesce(d.hash, uuid_send(f.operation_id)), f.link)
                   else f.link end order by f.seq) as hash
        from fresh f
        left join lateral (select hash from chain_digest where operation_id = f.operation_id and f.seq = f.first
            and f.first > 1 limit 1) as d on true
        group by f.operation_id),
    stored as (
        insert into chain_digest (operation_id, seq, hash) select operation_id, seq, hash from chained
        on conflict (operation_id) do update set seq = excluded.seq, hash = excluded.hash),
    days as (
        insert into chained_day (day, txid) select distinct operation_day(operation_id), high from chained
        on conflict (day) do update set txid = excluded.txid)
    select coalesce(sum(c.entries), 0) into entries from chained c;
    update chain_state set txid = high;
end
$$;

create or replace function anchor_hash(previous bytea, number integer, day date, txid bigint, operations bigint,
    entries bigint, head bytea) returns bytea
    language sql immutable parallel safe
return sha256(coalesce(previous, '') || convert_to(concat_ws(' ', number, to_char(day::timestamp, 'YYYY-MM-DD'),
    txid, operations, entries,
                                                             encode(head, 'hex')), 'UTF8'));

-- Adds an anchor for each day of submission whose operations got entries since its last one. Returns how many.
create or replace function anchor_history(only_if_due boolean) returns integer
    language plpgsql security definer set search_path from current set work_mem = '32MB' as $$
declare
    state  bigint;
    one    record;
    before record;
    sums   record;
    added  integer := 0;
begin
    select txid into state from chain_state for update skip locked;
    if not found or only_if_due and not exists (select from chained_day where day < (now() at time zone 'UTC')::date)
       or only_if_due and exists (select from history_anchor where anchored_at >= date_trunc('day', now(), 'UTC')) then
        return 0;
    end if;
    for one in select d.day from chained_day d
               where not exists (select from history_anchor a where a.day = d.day and a.txid >= d.txid)
                   order by d.day loop
        select number, hash into before from history_anchor order by number desc limit 1;
        select count(*) as operations, coalesce(sum(seq), 0) as entries,
               chain(sha256(uuid_send(operation_id) || int4send(seq) || hash) order by operation_id) as head into sums
        from chain_digest
        where operation_id >= operation_id_at(one.day::timestamp at time zone 'UTC')
            and operation_id < operation_id_at((one.day + 1)::timestamp at time zone 'UTC');
        continue when sums.head is null;
        added := added + 1;
        insert into history_anchor (number, day, txid, operations, entries, head, previous, hash)
        values (coalesce(before.number, 0) + 1, one.day, state, sums.operations, sums.entries, sums.head, before.hash,
                anchor_hash(before.hash, coalesce(before.number, 0) + 1, one.day, state, sums.operations,
                    sums.entries, sums.head));
    end loop;
    return added;
end
$$;

-- The service has the key; the first signature stands.
create or replace function sign_anchor(anchor integer, key text, signed bytea) returns boolean
    language plpgsql security definer set search_path from current as $$
begin
    update history_anchor set key_id = key, signature = signed where number = anchor and signature is null;
    return found;
end
$$;

-- An anchor as it would be now, of the entries that it covers.
create or replace function recomputed_anchor(anchor integer, out operations bigint, out entries bigint, out head bytea)
    language sql stable security definer set search_path from current set work_mem = '32MB' as $$
    select count(*), coalesce(sum(seq), 0), chain(sha256(uuid_send(operation_id) || int4send(seq) || hash)
        order by operation_id)
    from (select h.operation_id, max(h.seq) as seq,
                 chain(case when h.seq = 1 then chain_link(uuid_send(h.operation_id), entry_digest(h))
                     else entry_digest(h) end order by h.seq) as hash
          from history_anchor a
          join operation_history h on h.txid < a.txid
               and h.operation_id >= operation_id_at(a.day::timestamp at time zone 'UTC')
                   and h.operation_id < operation_id_at((a.day + 1)::timestamp at time zone 'UTC')
          where a.number = anchor
          group by h.operation_id) as chained
$$;

create or replace trigger anchors_are_kept before delete or truncate on history_anchor
    for each statement execute function refuse_change('an anchor is evidence');
create or replace trigger anchors_are_only_signed before update on history_anchor for each row
    when (old.signature is not null or (old.number, old.day, old.txid, old.operations, old.entries, old.head,
        old.previous, old.hash)
                                       is distinct from (new.number, new.day, new.txid, new.operations, new.entries,
                                           new.head, new.previous, new.hash))
    execute function refuse_change('an anchor is evidence, and is signed once');
