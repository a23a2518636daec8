-- Schedules and webhooks: what their changes bring with them, and how their logs are purged.
--
-- NOTIFY schedule_changed '', after the commit: somebody made or changed a schedule.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The columns of a schedule that a principal decides. Nodes write the others.
create or replace function schedule_spec(one schedule) returns jsonb language sql immutable as $$
    select to_jsonb(one) - '{next_run_at,next_run_computed,last_run_at,changed_at,changed_by,source,reason,'
                           'paused_at,paused_by,paused_reason}'::text[]
$$;

-- An UPDATE by hand gets the name of its role, and the reason of one change is not taken for that of the next.
create or replace function normalize_schedule_update() returns trigger
    language plpgsql set search_path from current as $$
begin
    if tg_op = 'UPDATE' then
        if schedule_spec(new) = schedule_spec(old) then
            return new;
        end if;
        new.changed_at := now();
        if new.changed_by = old.changed_by and new.source = old.source then
            new.changed_by := session_user;
            new.source     := 'sql';
        end if;
        if new.reason is not distinct from old.reason then
            new.reason := null;
        end if;
        if new.deleted_at is not null then
            new.next_run_at := null;
        elsif (new.cron, new.zone, new.every, new.once_at, new.anchor, new.deleted_at)
              is distinct from (old.cron, old.zone, old.every, old.once_at, old.anchor, old.deleted_at)
              and new.next_run_at is not distinct from old.next_run_at then
            new.next_run_at := now();
            new.next_run_computed := false;
        end if;
    end if;
    if new.source = 'sql' then
        perform refuse_unreadable(new.input, 'input'), refuse_unreadable(new.metadata, 'metadata');
    end if;
    if new.paused and (tg_op = 'INSERT' or not old.paused) then
        new.paused_at     := now();
        new.paused_by     := new.changed_by;
        new.paused_reason := new.reason;
    elsif not new.paused then
        new.paused_at     := null;
        new.paused_by     := null;
        new.paused_reason := null;
    end if;
    return new;
end
$$;
create or replace trigger schedule_normalized before insert or update on schedule
    for each row execute function normalize_schedule_update();

create or replace function record_schedule_change() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if tg_op = 'UPDATE' then
        if schedule_spec(new) = schedule_spec(old) then
            return null;
        end if;
    end if;
    if new.changed_by <> session_user and not may_name_principal() then
        raise exception 'role % cannot name another principal in changed_by', session_user
            using errcode = 'insufficient_privilege';
    end if;
    insert into schedule_history (schedule_id, at, event, spec, changed_by, source, reason)
    values (new.id, now(),
            case when tg_op = 'INSERT' then 'created' when new.deleted_at is not null and old.deleted_at is null
                then 'deleted'
                 when new.paused and not old.paused then 'paused' when old.paused and not new.paused then 'resumed'
                     else 'changed' end,
            jsonb_strip_nulls(schedule_spec(new) - '{id,input,deleted_at,created_at}'::text[]), new.changed_by,
                new.source, new.reason);
    perform pg_notify('schedule_changed', '');
    return null;
end
$$;
create or replace trigger schedule_changed after insert or update on schedule
    for each row execute function record_schedule_change();

create or replace trigger schedules_are_kept before delete or truncate on schedule
    for each statement execute function refuse_change('set deleted_at; the log still names it');
create or replace trigger scheduled_runs_are_kept before update or truncate on scheduled_run
    for each statement execute function refuse_change('a scheduled run is not rewritten');
create or replace trigger schedule_history_is_append_only before update or delete or truncate on schedule_history
    for each statement execute function refuse_change('history is append-only');
create or replace trigger schedule_history_is_written_by_trigger before insert on schedule_history
    for each statement when (pg_trigger_depth() = 0)
        execute function refuse_change('the trigger of table schedule writes it');

-- Deletes older scheduled runs, 10,000 at a time. Returns how many.
create or replace function purge_scheduled_runs(age interval) returns integer
    language plpgsql security definer set search_path from current as $$
declare
    purged integer;
begin
    if age < interval '1 day' then
        raise exception 'scheduled runs are kept for at least a day, not %', age using errcode = 'check_violation';
    end if;
    delete from scheduled_run where ctid = any(array(select ctid from scheduled_run where decided_at < now() - age
        limit 10000));
    get diagnostics purged = row_count;
    return purged;
end
$$;

-- Deletes older deliveries of webhooks with their attempts, at most this many, but those under way. Returns how many.
create or replace function purge_deliveries(age interval, most integer) returns integer
    language plpgsql security definer set search_path from current as $$
declare
    purged integer;
begin
    if age < interval '1 day' then
        raise exception 'deliveries are kept for at least a day, not %', age using errcode = 'check_violation';
    end if;
    delete from webhook_delivery where id in (
        select d.id from webhook w cross join lateral (
            select x.id from webhook_delivery x
            where x.webhook_id = w.id and x.created_at < now() - age
              and not exists (select from operation o where o.id = x.delivery_operation_id
                  and o.status in ('pending', 'running', 'waiting'))
            order by x.created_at limit most for update skip locked) as d
        limit most);
    get diagnostics purged = row_count;
    return purged;
end
$$;
