-- How a person's data is erased: input, output, answers, texts, logged lines, results of steps, and deliveries. The
-- operation, its moves and its times stay, and so does the evidence: the chain covers digests of the values.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The only UPDATE of the history: it erases the texts of an entry, and leaves their digest in their place.
create or replace function allow_erasure() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_table_name like 'operation\_log%' then
        if new.message = '' and to_jsonb(new) - 'message' = to_jsonb(old) - 'message' then
            return new;
        end if;
        raise exception 'update of operation_log is refused: logged lines are not rewritten'
            using errcode = 'insufficient_privilege';
    end if;
    if num_nonnulls(new.reason, new.message, new.error, new.changes) = 0
       and new.texts_digest = coalesce(old.texts_digest, texts_digest(old.reason, old.message, old.error, old.changes))
       and to_jsonb(new) - '{reason,message,error,changes,texts_digest}'::text[]
           = to_jsonb(old) - '{reason,message,error,changes,texts_digest}'::text[] then
        return new;
    end if;
    raise exception 'update of operation_history is refused: history is append-only'
            using errcode = 'insufficient_privilege';
end
$$;
create or replace trigger history_is_only_erased before update on operation_history for each row
    execute function allow_erasure();
create or replace trigger log_is_only_erased before update on operation_log for each row
    execute function allow_erasure();

-- Erases the data of a finished operation. The history gets an entry data_erased with the reason and the principal.
-- Returns false if there is no such operation, or it was erased before.
create or replace function erase_data(operation uuid, why text, principal text default null,
    from_source text default 'sql') returns boolean
    language plpgsql security definer set search_path from current as $$
declare
    is_live boolean;
begin
    select o.status in ('pending', 'running', 'waiting') into is_live from operation o
        where o.id = erase_data.operation and o.erased_at is null for update;
    if not found then
        return false;
    elsif is_live then
        raise exception 'operation % has not finished: cancel it first, then erase its data', operation
            using errcode = 'check_violation';
    elsif length(trim(why)) = 0 or why is null then
        raise exception 'erasing data needs a reason' using errcode = 'check_violation';
    end if;
    update operation_history h set reason = null, message = null, error = null, changes = null,
                                   texts_digest = texts_digest(h.reason, h.message, h.error, h.changes)
    where h.operation_id = erase_data.operation and num_nonnulls(h.reason, h.message, h.error, h.changes) > 0;
    update operation_log l set message = '' where l.operation_id = erase_data.operation;
    update operation_step s set result = null where s.operation_id = erase_data.operation;
    update input_request r set action = '', data = null, options = null, schema = '{}', fallback = null, answer
        = null, erased_at = now()
    where r.operation_id = erase_data.operation;
    delete from idempotency_key k where k.operation_id = erase_data.operation;
    update webhook_delivery d set payload = '' from webhook w
    where d.webhook_id = w.id and d.operation_id = erase_data.operation;
    update operation o set
        input = '{}', output = null, error = null, message = null, metadata = '{}', tags = '{}', erased_at = now(),
            encryption_key_id = null,
        version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
        changed_by = case when may_name_principal() then coalesce(principal, session_user)
            else session_user end, source = from_source, reason = why
    where o.id = erase_data.operation and o.status in ('completed', 'failed', 'cancelled');
    return true;
end
$$;
comment on function erase_data is
    'Erases the data of a finished operation: input, output, answers, texts, logged lines, results of steps and '
    'deliveries. '
    'Its moves and times stay, and the chain still verifies.';
