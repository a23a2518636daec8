-- Queues, workers, remote types and input requests: what their changes bring with them.
--
-- NOTIFY, after the commit:
--   operation_ready     '<queue>'                 a queue was resumed or its limit changed; remote_ready ' <queue>'
-- likewise
--   worker_drained      '<id> drain' (or resume)  that worker is to claim no more, or again
--   remote_type_changed ''                        nodes tell clients that there are other tools
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- queues -------------------------------------------------------------------------------------------------------------

-- An UPDATE by hand gets the name of its role, and the reason of one change is not taken for that of the next.
create or replace function normalize_queue_update() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        new.changed_at := now();
        if new.changed_by = old.changed_by and new.source = old.source then
            new.changed_by := session_user;
            new.source     := 'sql';
        end if;
        if new.reason is not distinct from old.reason then
            new.reason := null;
        end if;
        if not new.paused then
            new.resume_at := null;
        end if;
    end if;
    return new;
end
$$;
create or replace trigger queue_normalized before insert or update on queue
    for each row execute function normalize_queue_update();

create or replace function record_queue_change() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if new.changed_by <> session_user and not may_name_principal() then
        raise exception 'role % cannot name another principal in changed_by', session_user
            using errcode = 'insufficient_privilege';
    end if;
    insert into queue_history (namespace, name, at, paused, resume_at, max_running, changed_by, source, reason)
    values (new.namespace, new.name, new.changed_at, new.paused, new.resume_at, new.max_running, new.changed_by,
        new.source, new.reason);
    perform pg_notify('operation_ready', new.name);
    perform pg_notify('remote_ready', ' ' || new.name);   -- of any type
    return null;
end
$$;
create or replace trigger queue_changed after insert or update on queue
    for each row execute function record_queue_change();
create or replace trigger queue_history_is_append_only before update or delete or truncate on queue_history
    for each statement execute function refuse_change('history is append-only');
create or replace trigger queue_history_is_written_by_trigger before insert on queue_history
    for each statement when (pg_trigger_depth() = 0)
        execute function refuse_change('the trigger of table queue writes it');

create or replace function queue_is_open(queue_name text,
    in_namespace text default 'default') returns boolean language sql stable
return not exists (
    select from queue q
    where q.name = queue_name and q.namespace = in_namespace and q.paused
        and (q.resume_at is null or q.resume_at > now()));

-- A function, so that a claim does not open the table once more for a count that hardly any queue asks for.
create or replace function running_in(queue_name text, in_namespace text default 'default') returns bigint
    language sql stable set search_path from current as $$
    select count(*) from operation where status = 'running' and queue = queue_name and namespace = in_namespace
$$;

-- workers and their types --------------------------------------------------------------------------------------------

-- All nodes hear it: the one that drains, and the one that serves a remote worker.
create or replace function worker_drained() returns trigger language plpgsql as $$
begin
    perform pg_notify('worker_drained', new.id || case when new.draining_since is null then ' resume'
        else ' drain' end);
    return null;
end
$$;
create or replace trigger worker_drained after update of draining_since on worker
    for each row when (new.draining_since is distinct from old.draining_since) execute function worker_drained();

create or replace function remote_type_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('remote_type_changed', '');
    return null;
end
$$;
create or replace trigger remote_type_changed after insert or update or delete on remote_type
    for each row execute function remote_type_changed();

-- The claim group of a type: '' is that of nodes.
create or replace function claim_group_of(task_type text,
    in_namespace text default 'default') returns text language sql stable
return coalesce((select r.type from remote_type r where r.type = task_type and r.namespace = in_namespace), '');

-- The service's own statements set the claim group; an INSERT by hand names the type alone.
create or replace function set_claim_group() returns trigger language plpgsql set search_path from current as $$
begin
    new.claim_group := claim_group_of(new.type, new.namespace);
    return new;
end
$$;
create or replace trigger operation_grouped before insert on operation_live
    for each row when (new.claim_group = '' and new.source = 'sql') execute function set_claim_group();

-- input requests -----------------------------------------------------------------------------------------------------

-- The first answer stands. Its principal is that of the session, unless the service names another.
create or replace function sign_answer() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if old.erased_at is null and new.erased_at is not null then
        return new;   -- see erase_data()
    end if;
    if old.answered_at is not null then
        raise exception 'input request % of operation % was answered by % at %', old.name, old.operation_id,
            old.answered_by, old.answered_at
            using errcode = 'check_violation';
    end if;
    if to_jsonb(new) - '{answer,answered_at,answered_by,answer_source}'::text[]
        <> to_jsonb(old) - '{answer,answered_at,answered_by,answer_source}'::text[] then
        raise exception 'an input request can be answered, and nothing else of it changed'
            using errcode = 'check_violation';
    end if;
    perform refuse_unreadable(new.answer, 'answer');
    new.answered_at   := now();
    new.answered_by   := case when may_name_principal() then coalesce(new.answered_by, session_user)
        else session_user end;
    new.answer_source := coalesce(new.answer_source, 'sql');
    return new;
end
$$;
create or replace trigger answer_signed before update on input_request for each row execute function sign_answer();

-- After the row is written, since the history entry has the digest of its answer.
create or replace function record_answer() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    update operation o set
        answer_count = o.answer_count + 1,
        status = case when resumes then 'pending' else o.status end,
        delayed = case when resumes then o.paused else o.delayed end,
        run_at = case when resumes then now() else o.run_at end,
        waits_for = case when not resumes then o.waits_for end,
        version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
        changed_by = new.answered_by, source = new.answer_source, reason = 'answered ' || new.name
    from (select status = 'waiting' and waits_for = 'answer' as resumes from operation
          where id = new.operation_id and status in ('pending', 'running', 'waiting') for update) as live
    where o.id = new.operation_id and o.status in ('pending', 'running', 'waiting');
    if not found then
        raise exception 'operation % has finished and needs no answer any more', new.operation_id
            using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create or replace trigger input_request_answered after update on input_request
    for each row when (old.answered_at is null and new.answered_at is not null) execute function record_answer();
create or replace trigger input_requests_are_kept before delete or truncate on input_request
    for each statement execute function refuse_change('input requests are kept with their operation');
