-- What nobody can read, or that cannot be true, is refused at once; and an edit by hand is completed.
--
-- A row that moves between partitions fires the BEFORE UPDATE triggers of the old one, then the BEFORE INSERT triggers of
-- the new one. So BEFORE INSERT triggers are on operation_live alone, where a moved row (a retry) is like a new one.
-- No BEFORE trigger changes the status, since the row could not move any more.
--
-- Functions keep the search path of the schema in which they are created, so Longhaul may live in any.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- checks -------------------------------------------------------------------------------------------------------------

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: %', lower(tg_op), tg_table_name, tg_argv[0]
            using errcode = 'insufficient_privilege';
end
$$;
comment on function refuse_change() is 'Refuses the statement; the argument is the reason.';

-- One expression, so that it is evaluated in line. Java reads neither infinite times nor texts that are null in an
-- array.
create or replace function unfit_operation(
    namespace text, type text, queue text, max_attempts integer, attempt_timeout interval, heartbeat_timeout interval,
    run_at timestamptz, start_by timestamptz, deadline timestamptz, tags text[], metadata jsonb, weight real,
    concurrency_key text, concurrency_limit integer, rate_limit integer, rate_period interval) returns text
    language sql immutable parallel safe
return case
    when length(namespace) not between 1 and 200 or length(type) not between 1 and 200 or length(queue) not between 1
        and 200
        then 'namespace, type and queue have 1 to 200 characters'
    when max_attempts not between 1 and 1000 then 'max_attempts must be between 1 and 1000'
    when least(attempt_timeout, heartbeat_timeout) <= interval '0'
        or greatest(attempt_timeout, heartbeat_timeout) > interval '100 years'
        then 'timeout and heartbeat_timeout must be more than 0 and at most 100 years'
    when least(run_at, start_by, deadline) < '1970-01-01Z' or greatest(start_by, deadline) > '9999-12-31Z'
         or run_at > '9999-12-31Z' and run_at < 'infinity'
        then 'run_at, start_by and deadline must be between the years 1970 and 9999'
    when array_ndims(tags) > 1 then 'tags must be a list of texts'
    when array_position(tags, null) is not null then 'tags must not contain NULL'
    when jsonb_typeof(metadata) <> 'object' then 'metadata must be a JSON object'
    when not (weight >= 0 and weight < 'infinity') then 'weight must be a number from 0'
    when (concurrency_key is null) <> (concurrency_limit is null) or concurrency_limit < 1
        then 'concurrency_key and concurrency_limit go together, and the limit must be at least 1'
    when length(concurrency_key) not between 1 and 200 then 'concurrency_key has 1 to 200 characters'
    when (rate_limit is null) <> (rate_period is null) or rate_limit < 1 or rate_limit is not null
        and concurrency_key is null
         or rate_period <= interval '0' or rate_period > interval '1 day'
        then 'rate_limit (at least 1) and rate_period (at most 1 day) go together, and need a concurrency_key'
end;

-- JSON that PostgreSQL stores and Java refuses: numbers of more than 1,000 digits, names of more than 50,000
-- characters,
-- more than 500 levels. The length of the text answers for nearly all values.
create or replace function is_unreadable(value jsonb) returns boolean
    language plpgsql immutable strict parallel safe as $$
begin
    return octet_length(value::text) > 500
        and (exists (select from jsonb_path_query(value, 'strict $.** ? (@.type() == "number")') as n
            where length(n::text) > 1000)
             or exists (select from jsonb_path_query(value, 'strict $.** ? (@.type() == "object").keyvalue().key') as k
                        where octet_length(value::text) > 50000 and length(k::text) > 50000)
             or jsonb_path_exists(value, 'strict $.**{501}'));
end
$$;

create or replace function refuse_unreadable(value jsonb, name text) returns void language plpgsql immutable as $$
begin
    if is_unreadable(value) then
        raise exception '% has a number of over 1000 digits, a name of over 50000 characters, or over 500 levels', name
            using errcode = 'check_violation';
    end if;
end
$$;

-- Edits by hand, and no statement of the engine, set these columns.
create or replace function refuse_unfit_edit() returns trigger language plpgsql set search_path from current as $$
declare
    problem constant text := unfit_operation(
        new.namespace, new.type, new.queue, new.max_attempts, new.timeout, new.heartbeat_timeout, new.run_at,
        new.start_by, new.deadline, new.tags, new.metadata, new.weight, new.concurrency_key, new.concurrency_limit,
        new.rate_limit, new.rate_period);
begin
    if problem is not null then
        raise exception 'operation %: %', new.id, problem using errcode = 'check_violation';
    end if;
    return new;
end
$$;
-- After normalize_manual_update: triggers fire in the order of their names.
create or replace trigger operation_unfit
    before update of namespace, type, queue, max_attempts, timeout, heartbeat_timeout, start_by, deadline, tags, metadata,
                     weight, concurrency_key, concurrency_limit, rate_limit, rate_period on operation
    for each row execute function refuse_unfit_edit();

-- hand edits ---------------------------------------------------------------------------------------------------------

-- A row that is inserted for later, or paused, is delayed until then, also when it is typed in psql.
create or replace function set_delayed() returns trigger language plpgsql as $$
begin
    new.delayed := true;
    return new;
end
$$;
create or replace trigger operation_delayed before insert on operation_live
    for each row when (new.status = 'pending' and (new.run_at > now() or new.paused) and not new.delayed)
    execute function set_delayed();

-- An UPDATE by hand sets only its subject (`set status = 'cancelled'`); this sets what goes with it.
-- The service's own statements say `version = version + 1` and more, and so pass by the `when`: its types are checked
-- in Java.
create or replace function normalize_manual_update() returns trigger language plpgsql set search_path from current as $$
declare   -- history does not record these: progress is a level, and this function sets the rest
    unrecorded constant text[] := '{progress,progress_current,progress_total,message,version,history_seq,updated_at,'
                                  'changed_by,source,reason,delayed,log_lines}';
    problem text;
begin
    new.version    := old.version + 1;
    new.updated_at := now();
    new.changed_by := session_user;
    new.source     := 'sql';
    if new.reason is not distinct from old.reason then
        new.reason := null;
    end if;
    if to_jsonb(new) - unrecorded <> to_jsonb(old) - unrecorded then
        new.history_seq := old.history_seq + 1;
    end if;
    if (new.input, new.metadata, new.output, new.error, new.retry_policy)
       is distinct from (old.input, old.metadata, old.output, old.error, old.retry_policy) then
        perform refuse_unreadable(new.input, 'input'), refuse_unreadable(new.metadata, 'metadata'),
                refuse_unreadable(new.output, 'output'), refuse_unreadable(new.error, 'error'),
                refuse_unreadable(new.retry_policy, 'retry_policy');
    end if;
    if new.status <> old.status then
        if new.status <> 'running' then
            new.run_id := null;
            new.worker_id := null;
        end if;
        if new.status in ('completed', 'failed', 'cancelled') then
            new.finished_at := now();
            new.paused := false;
        else
            new.finished_at := null;
        end if;
        new.waits_for := case when new.status = 'waiting' then coalesce(new.waits_for, 'time') end;
        new.awaited_ids := case when new.status = 'waiting' then new.awaited_ids end;
        if new.status = 'completed' then
            new.progress := 100;
        elsif new.status = 'pending' and old.status in ('failed', 'cancelled') then
            new.cancel_requested_at := null;
            new.failures := 0;
            new.worker_losses := 0;
            new.run_at := case when isfinite(new.run_at) then greatest(new.run_at, now()) else now() end;
            new.start_by := null;
            new.deadline := case when new.deadline > now() then new.deadline end;
        end if;
    end if;
    new.delayed := new.status = 'waiting' or (new.status = 'pending' and (new.paused or new.run_at > now()));
    problem := case
        when new.status not in ('pending', 'running', 'waiting', 'completed', 'failed', 'cancelled')
            then 'there is no status ' || new.status
        when new.progress not between 0 and 100 or new.status = 'completed' and new.progress <> 100
            then format('progress must be between 0 and 100, and 100 once completed, not %s', new.progress)
        when least(new.attempt, new.failures, new.worker_losses, new.answer_count, new.log_lines) < 0
            then 'attempt, failures, worker_losses, answer_count and log_lines must be 0 or more'
        when greatest(new.attempt, new.failures, new.worker_losses, new.answer_count, new.log_lines) > 1000000000
            then 'attempt, failures, worker_losses, answer_count and log_lines must be at most 1000000000'
        when new.run_at < '1970-01-01Z'
             or new.run_at > '9999-12-31Z' and (new.status = 'pending' or new.run_at < 'infinity')
            then 'run_at must be between the years 1970 and 9999'
        when array_ndims(new.awaited_ids) > 1 or array_position(new.awaited_ids, null) is not null
            then 'awaited_ids must be a list of ids'
        when new.paused and new.finished_at is not null then 'a finished one cannot be paused'
        when (new.holds_slot or new.awaits_slot) and new.concurrency_key is null
            then 'a slot belongs to a concurrency_key'
        when least(new.created_at, new.updated_at, new.started_at, new.attempt_started_at, new.finished_at,
                   new.cancel_requested_at, new.erased_at) < '1970-01-01Z'
             or greatest(new.created_at, new.updated_at, new.started_at, new.attempt_started_at, new.finished_at,
                         new.cancel_requested_at, new.erased_at) > '9999-12-31Z'
            then 'times must be between the years 1970 and 9999'
    end;
    if problem is not null then
        raise exception 'operation %: %', new.id, problem using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create or replace trigger operation_normalized before update on operation
    for each row when (new.version = old.version) execute function normalize_manual_update();

-- Only the service, and the owner of an installation without roles, may name a principal other than the session's role.
-- In functions with the owner's rights current_user is the owner.
create or replace function may_name_principal() returns boolean language sql stable parallel safe
return session_user in ('longhaul_service', current_user);
