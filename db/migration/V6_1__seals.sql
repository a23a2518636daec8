-- Safe online: yes. New tables, functions and views; no old service reads or writes them.
--
-- Evidence that nobody rewrote the past. The service may not change history, but who owns the server could. So each operation's history is
-- sealed: a chain of SHA-256 over its entries, of which operation_seal keeps the newest link; once a day what was sealed is summed up in an anchor
-- that names how many operations and entries there were, and that can be signed and kept elsewhere. docs/audit.md says what this proves.
--
-- Sealing is done a few seconds later, in batches, by one node, and not by the trigger that writes history: there it cost the engine's one
-- connection 17 % more of its time (docs/decisions/0015).

create table operation_seal (
    operation_id uuid    not null primary key,
    seq          integer not null,                     -- the newest entry that is sealed
    hash         bytea   not null                      -- sha256(hash of the entry before || entry); before the first one: the id
) partition by range (operation_id);
comment on table operation_seal is 'The newest link of the chain over each operation''s history. Written by seal_history() alone.';
create table operation_seal_default partition of operation_seal default;

create table seal_state (
    id   boolean primary key default true check (id),  -- one row
    txid bigint  not null                              -- all entries of transactions before it are sealed
);
comment on table seal_state is 'How far the history is sealed.';
insert into seal_state (txid) select coalesce((select min(txid) from operation_history), pg_snapshot_xmin(pg_current_snapshot())::text::bigint);

create table sealed_day (
    day  date   primary key,                           -- of submission
    txid bigint not null                               -- when entries of its operations were sealed last
);
comment on table sealed_day is 'Which days'' operations got new entries: those need a new anchor.';

create table history_anchor (
    number      integer     primary key,               -- 1, 2, 3 …
    anchored_at timestamptz not null default now(),
    day         date        not null,                  -- of submission of the operations that it covers
    txid        bigint      not null,                  -- it covers their entries of transactions before this one
    operations  bigint      not null,
    entries     bigint      not null,
    head        bytea       not null,                  -- chain over their seals, in the order of ids
    previous    bytea,                                 -- hash of the anchor before
    hash        bytea       not null,                  -- sha256(previous || all of the above); what is signed
    key_id      text,
    signature   bytea                                  -- Ed25519, by the service, if it has a key
);
comment on table history_anchor is 'What was sealed, summed up once a day and chained: whoever kept one of these elsewhere can prove what the history was. Append-only.';

create function chain_link(before bytea, link bytea) returns bytea language sql immutable strict parallel safe
return sha256(before || link);
create aggregate chain(bytea) (sfunc = chain_link, stype = bytea, parallel = restricted);  -- begins with the first one itself

-- All that an entry says. stable, not immutable: only so the planner puts it in line, which takes a third of the time.
create function history_entry(h operation_history) returns bytea language sql stable parallel safe
return sha256(convert_to(row(h.operation_id, h.seq, h.version, extract(epoch from h.at), h.event, h.from_status, h.to_status, h.attempt, h.changed_by, h.changed_via,
                             h.reason, h.progress, h.message, h.worker_id, h.run_id, h.error, h.changes, h.txid)::text, 'UTF8'));

-- The moment of submission is in the id.
create function operation_day(id uuid) returns date language sql immutable parallel safe
return (to_timestamp(('x' || left(translate(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC')::date;

-- Seals the entries of the next transactions, at most so many, that all have ended: what commits later has a higher number than the snapshot's xmin.
-- Returns how many entries that were, and whether there are more transactions to look at. One session at a time; the others get (0, false).
create function seal_history(transactions bigint, out entries bigint, out is_behind boolean)
    language plpgsql security definer set search_path = public, pg_temp set work_mem = '32MB' set enable_nestloop = off as $$
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
        from fresh f left join operation_seal s on s.operation_id = f.operation_id and f.first > 1
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

-- Sums up what is sealed: one anchor for each day of submission whose operations got entries since its last one. Returns how many anchors it made.
create function anchor_history(only_if_due boolean) returns integer
    language plpgsql security definer set search_path = public, pg_temp set work_mem = '32MB' as $$
declare
    state  bigint;
    one    record;
    before record;
    sums   record;
    made   integer := 0;
begin
    select txid into state from seal_state for update skip locked;
    if not found or only_if_due and not exists (select from sealed_day where day < (now() at time zone 'UTC')::date)
       or only_if_due and exists (select from history_anchor where anchored_at >= date_trunc('day', now(), 'UTC')) then
        return 0;
    end if;
    for one in select d.day from sealed_day d
               where not exists (select from history_anchor a where a.day = d.day and a.txid >= d.txid) order by d.day loop
        select number, hash into before from history_anchor order by number desc limit 1;
        select count(*) as operations, coalesce(sum(seq), 0) as entries, chain(sha256(uuid_send(operation_id) || int4send(seq) || hash) order by operation_id) as head into sums
        from operation_seal
        where operation_id >= operation_id_at(one.day::timestamp at time zone 'UTC') and operation_id < operation_id_at((one.day + 1)::timestamp at time zone 'UTC');
        continue when sums.head is null;
        made := made + 1;
        insert into history_anchor (number, day, txid, operations, entries, head, previous, hash)
        values (coalesce(before.number, 0) + 1, one.day, state, sums.operations, sums.entries, sums.head, before.hash,
                anchor_hash(before.hash, coalesce(before.number, 0) + 1, one.day, state, sums.operations, sums.entries, sums.head));
    end loop;
    return made;
end
$$;

create function anchor_hash(previous bytea, number integer, day date, txid bigint, operations bigint, entries bigint, head bytea) returns bytea
    language sql immutable parallel safe
return sha256(coalesce(previous, '') || convert_to(concat_ws(' ', number, to_char(day::timestamp, 'YYYY-MM-DD'), txid, operations, entries, encode(head, 'hex')), 'UTF8'));

-- The service has the key; the first signature stands.
create function sign_anchor(anchor integer, key text, signed bytea) returns boolean
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update history_anchor set key_id = key, signature = signed where number = anchor and signature is null;
    return found;
end
$$;

-- What an anchor would say if it were made now, of the entries that it covers.
create function recomputed_anchor(anchor integer, out operations bigint, out entries bigint, out head bytea)
    language sql stable security definer set search_path = public, pg_temp set work_mem = '32MB' as $$
    select count(*), coalesce(sum(seq), 0), chain(sha256(uuid_send(operation_id) || int4send(seq) || hash) order by operation_id)
    from (select h.operation_id, max(h.seq) as seq,
                 chain(case when h.seq = 1 then chain_link(uuid_send(h.operation_id), history_entry(h)) else history_entry(h) end order by h.seq) as hash
          from history_anchor a
          join operation_history h on h.txid < a.txid
               and h.operation_id >= operation_id_at(a.day::timestamp at time zone 'UTC') and h.operation_id < operation_id_at((a.day + 1)::timestamp at time zone 'UTC')
          where a.number = anchor
          group by h.operation_id) as sealed
$$;

create trigger seals_are_kept before delete or truncate on operation_seal
    for each statement execute function refuse_change('a seal is evidence');
create trigger anchors_are_kept before delete or truncate on history_anchor
    for each statement execute function refuse_change('an anchor is evidence');

create view audit.seal as
select s.operation_id, s.seq, s.hash, entry.hash as computed, entry.number as entries
from operation_seal s
cross join lateral (
    select count(*) as number, chain(case when h.seq = 1 then chain_link(uuid_send(h.operation_id), history_entry(h)) else history_entry(h) end order by h.seq) as hash
    from operation_history h where h.operation_id = s.operation_id and h.seq <= s.seq) as entry;
comment on view audit.seal is 'The newest link of the chain over each operation''s history, and what it is if computed now: where they differ, entries were changed, removed or added. db/audit/broken-seals.sql asks.';

create view audit.seal_state as select txid from seal_state;
comment on view audit.seal_state is 'How far the history is sealed: all entries of transactions before this number are.';

create view audit.anchor as
select number, anchored_at, day, txid, operations, entries, encode(head, 'hex') as head, encode(hash, 'hex') as hash, key_id, encode(signature, 'base64') as signature,
       previous is not distinct from lag(hash) over (order by number) and hash = anchor_hash(previous, number, day, txid, operations, entries, head) as chains
from history_anchor;
comment on view audit.anchor is 'What was sealed, summed up once a day: how many operations submitted that day, how many entries of theirs, the head of the chain over their seals, and the signature of hash. Keep a copy elsewhere. chains: it fits the anchor before.';

do $$
begin
    perform ensure_partitions(3);
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select on operation_seal, seal_state, sealed_day, history_anchor to longhaul_service;
        grant execute on function seal_history(bigint), anchor_history(boolean), sign_anchor(integer, text, bytea), recomputed_anchor(integer) to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.seal, audit.seal_state, audit.anchor to longhaul_reader;
        grant execute on function recomputed_anchor(integer) to longhaul_reader;
    end if;
    revoke execute on function seal_history(bigint), anchor_history(boolean), sign_anchor(integer, text, bytea), recomputed_anchor(integer) from public;
end
$$;
