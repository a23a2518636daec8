-- Concurrency keys: at most concurrency_limit operations of a key at once, and at most rate_limit starts within
-- rate_period,
-- on all nodes.
--
--   1. An operation with a key can be claimed only while it holds a slot of it (holds_slot). One that becomes claimable
--      without a slot awaits one (awaits_slot, and so delayed), for any client.                        (assign_slot)
--   2. Nodes give slots, by priority and then by submission, under an advisory lock of the key: see ConcurrencyStore.
--      Nothing is counted beforehand; the rows that hold a slot are the count.
--   3. A slot ends in the change by which its operation ends, waits, pauses or is to be retried, so a crash leaves
-- none.
--   4. NOTIFY concurrency_changed '<key>': an operation awaits a slot of the key, or one is free.      (assign_slot)
-- An operation without a key pays one comparison, and claims know nothing of keys.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create or replace function assign_slot() returns trigger
    language plpgsql security definer set search_path from current as $$
declare
    held    boolean := false;
    awaited boolean := false;
    ran     boolean := false;
begin
    if tg_op = 'UPDATE' then
        held    := old.holds_slot;
        awaited := old.awaits_slot;
        ran     := old.status = 'running';
    end if;
    new.holds_slot  := new.status = 'running'
                       or (new.status = 'pending' and new.holds_slot and not new.delayed and tg_op = 'UPDATE'
                           and not ran);
    new.awaits_slot := new.status = 'pending' and not new.holds_slot and not new.paused
                       and (not new.delayed or (awaited and new.run_at <= now()));
    new.delayed     := new.delayed or new.awaits_slot;
    if new.status = 'running' and not ran and new.rate_limit is not null then
        insert into rate_limit_start (namespace, concurrency_key) values (new.namespace, new.concurrency_key);
    end if;
    if (new.awaits_slot and not awaited) or (held and not new.holds_slot)
       or (tg_op = 'UPDATE' and new.awaits_slot
           and (new.concurrency_limit, new.rate_limit, new.rate_period)
           is distinct from (old.concurrency_limit, old.rate_limit, old.rate_period)) then
        -- A payload has at most 8,000 bytes: a key written behind the triggers must not make the statement fail.
        perform pg_notify('concurrency_changed', left(new.concurrency_key, 1000));
    end if;
    return new;
end
$$;
comment on function assign_slot() is
    'Its trigger is on operation_live alone. A retry moves a row there and so fires it as an INSERT: it awaits a '
    'slot anew.';
-- After operation_delayed and operation_normalized: triggers fire in the order of their names.
create or replace trigger operation_slot before insert or update on operation_live
    for each row when (new.concurrency_key is not null) execute function assign_slot();
