-- Safe online: no. Indexes of operation are built, which holds up writes to it for so long; an old service may stay: it claims only what has its turn.
-- Turns: at most concurrency_limit operations of one concurrency_key at once, and at most rate_starts starts within rate_per, on all nodes together.
--
--   1. An operation with a key can be claimed only while it has one of the key's places, its turn (has_turn). What would become claimable without
--      one stands in line instead (in_line, and so parked), whoever wrote the row.                            (operation_turns)
--   2. Turns are given by the nodes, in the order of priority and then of submission, under an advisory lock of the key: dev.longhaul.store.TurnStore.
--      Nothing is counted beforehand; the places that are taken are the rows that have a turn.
--   3. A turn ends in the very change by which the operation ends, waits, rests, or is to be run again: a crash leaves nothing to mend.
--   4. NOTIFY operation_turn '<key>' tells that somebody stands in line, or that a place is free.             (operation_turns)
-- An operation without a key pays one comparison, and the claim knows nothing of all this.

-- Who stands in line comes out of it by a turn, not by the clock.
create index operation_in_line on operation (concurrency_key, priority desc, id) where in_line;
create index operation_with_turn on operation (concurrency_key) where has_turn;
-- Who stands for another: see if_active.
create index operation_active on operation (concurrency_key, id) where concurrency_key is not null and status in ('pending', 'waiting', 'running');

create table concurrency_start (
    concurrency_key text        not null,
    at              timestamptz not null default clock_timestamp()
);
create index concurrency_start_key on concurrency_start (concurrency_key, at);
create index concurrency_start_age on concurrency_start using brin (at);
comment on table concurrency_start is 'The starts of operations whose key has a rate, for a day: how many there were within rate_per.';

create function operation_turns() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    had_turn boolean := false;
    stood    boolean := false;
    ran      boolean := false;
begin
    if tg_op = 'UPDATE' then
        had_turn := old.has_turn;
        stood    := old.in_line;
        ran      := old.status = 'running';
    end if;
    new.has_turn := new.status = 'running' or (new.status = 'pending' and new.has_turn and not new.parked and tg_op = 'UPDATE' and not ran);
    new.in_line  := new.status = 'pending' and not new.has_turn and not new.paused and (not new.parked or (stood and new.run_at <= now()));
    new.parked   := new.parked or new.in_line;
    if new.status = 'running' and not ran and new.rate_starts is not null then
        insert into concurrency_start (concurrency_key) values (new.concurrency_key);
    end if;
    if (new.in_line and not stood) or (had_turn and not new.has_turn)
       or (tg_op = 'UPDATE' and new.in_line and (new.concurrency_limit, new.rate_starts, new.rate_per) is distinct from (old.concurrency_limit, old.rate_starts, old.rate_per)) then
        perform pg_notify('operation_turn', new.concurrency_key);
    end if;
    return new;
end
$$;
comment on function operation_turns() is 'Its trigger is named so that it fires after operation_parked and operation_touched: triggers fire in the order of their names.';
create trigger operation_turns before insert or update on operation
    for each row when (new.concurrency_key is not null) execute function operation_turns();

create view audit.concurrency_start as
select concurrency_key, at
from concurrency_start;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, delete on concurrency_start to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.concurrency_start to longhaul_reader;
    end if;
end
$$;
