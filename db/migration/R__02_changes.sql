-- Each change of an operation is checked, recorded in its history, counted and announced.
--
-- Triggers are statement-level with transition tables: a batch of 200 changes costs one history insert and one NOTIFY.
-- Row-level triggers measured a quarter slower at full speed, and a NOTIFY per row takes a database-wide lock.
--
-- NOTIFY, after the commit:
--   operation_changed '<id>,<id>…'        any change, up to 200 ids
--   operation_ready   '<queue>'           something in it became claimable for nodes
--   remote_ready      '<type> <queue>'    the same for remote workers
--   operation_signal  '<id> cancel'       (or pause, resume) requested of a running task
--   child_finished    '<id>'              a child of that operation finished; of a workflow: the last one submitted
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The position of history entries in the change feed, evaluated once per statement after its rows are locked: the own
-- transaction, or the newest one that has ended. That is at or above the position of each operation's entry before,
-- whose transaction has ended, too. See docs/decisions/0025.
create or replace function feed_position() returns bigint language sql stable
return greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1);
comment on column operation_history.txid is
    'Position in the change feed: at or above the transaction that wrote the entry, never below the entry before';

-- submissions --------------------------------------------------------------------------------------------------------

create or replace function record_submission() returns trigger
    language plpgsql security definer set search_path from current as $$
declare
    seen record;
begin
    with entry as (
        insert into operation_history (operation_id, txid, seq, version, event, to_status, attempt, changed_by, source,
                                       reason, progress, message, digest)
        select id, (select feed_position()), 1, 1, 'submitted', status, attempt, changed_by, source, reason, progress,
               message, sha256(convert_to(input::text, 'UTF8'))
        from new_rows),
    delta as (
        insert into count_delta (namespace, type, queue, from_status, to_status, number)
        select namespace, type, queue, 'submitted', 'pending', count(*) from new_rows group by 1, 2, 3)
    select count(*) as number,
           case when count(*) between 1 and 200 then pg_notify('operation_changed', string_agg(id::text, ',')) end,
           array_agg(case claim_group when '' then 'operation_ready ' || queue
                                      else 'remote_ready ' || claim_group || ' ' || queue end)
               filter (where not delayed and claim_group is not null) as wakes,
           (array_agg(id || ': ' || problem) filter (where problem is not null))[1] as problem,
           bool_or(changed_by <> session_user) as names_principal
    into seen
    from (select id, queue, claim_group, delayed, changed_by,
                 case when status <> 'pending' or version <> 1 or history_seq <> 1
                          then format('an operation begins as pending with version 1 and history_seq 1, '
                                      'not as %s with %s and %s', status, version, history_seq)
                      when run_at = 'infinity' or least(created_at, updated_at) < '1970-01-01Z'
                           or greatest(created_at, updated_at) > '9999-12-31Z'
                          then 'run_at, created_at and updated_at must be between the years 1970 and 9999'
                      when progress not between 0 and 100
                           or least(attempt, failures, worker_losses, answer_count, log_lines) < 0
                           or greatest(attempt, failures, worker_losses, answer_count, log_lines) > 1000000000
                          then 'progress is 0 to 100, and the counters are 0 to 1000000000'
                      when paused and not delayed
                           or awaits_slot and (concurrency_key is null or not delayed or holds_slot)
                           or holds_slot and (concurrency_key is null or delayed)
                          then 'paused, delayed, awaits_slot and holds_slot do not fit together'
                      when workflow_node is not null and parent_id is null
                           or fan_out_index is not null and (workflow_node is null or fan_out_index < 0)
                          then 'workflow_node needs parent_id, and fan_out_index (from 0) needs workflow_node'
                      when source = 'sql'
                           and (is_unreadable(input) or is_unreadable(metadata) or is_unreadable(retry_policy))
                          then 'input or metadata has a number of more than 1000 digits, or more than 500 levels'
                      else unfit_operation(namespace, type, queue, max_attempts, timeout, heartbeat_timeout, run_at,
                                           start_by, deadline, tags, metadata, weight, concurrency_key,
                                           concurrency_limit, rate_limit, rate_period) end as problem
          from new_rows) as submitted;
    if seen.problem is not null then
        raise exception 'operation %', seen.problem using errcode = 'check_violation';
    end if;
    if seen.names_principal and pg_trigger_depth() = 1 and not may_name_principal() then
        raise exception 'role % cannot name another principal in changed_by', session_user
            using errcode = 'insufficient_privilege';
    end if;
    if seen.number > 200 then
        perform pg_notify('operation_changed', string_agg(id::text, ','))
        from (select id, (row_number() over () - 1) / 200 as chunk from new_rows) as ids group by chunk;
    end if;
    if seen.wakes is not null then
        perform pg_notify(split_part(wake, ' ', 1), left(substr(wake, strpos(wake, ' ') + 1), 1000))
        from (select distinct unnest(seen.wakes)) as w (wake);
    end if;
    return null;
end
$$;
create or replace trigger operation_submitted after insert on operation
    referencing new table as new_rows for each statement execute function record_submission();

-- changes ------------------------------------------------------------------------------------------------------------

-- The children of an operation that failed or was cancelled stop; those stopped for it are retried with it.
create or replace function propagate_to_children(parents uuid[], is_stopped boolean) returns void
    language plpgsql set search_path from current set enable_nestloop = on as $$
declare
    stop_reason constant text := 'parent stopped';
begin
    if is_stopped then
        -- Until there are none: an end that this waited for may have submitted others meanwhile.
        loop
            begin
                update operation set
                    status = case when status = 'running' then status else 'cancelled' end,
                    finished_at = case when status <> 'running' then now() end,
                    cancel_requested_at = now(), delayed = false, paused = paused and status = 'running',
                    waits_for = null, awaited_ids = null,
                    version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                    changed_by = 'parent', source = 'engine', reason = stop_reason
                where parent_id = any(parents) and status in ('pending', 'waiting', 'running')
                  and cancel_requested_at is null;
                exit when not found;
            exception when serialization_failure then
                null;   -- a child ended, and so moved, while this waited for it: look again
            end;
        end loop;
    else
        -- Children are submitted after their parents, so partitions before the oldest parent are not opened.
        update operation set
            status = 'pending', run_at = now(), finished_at = null, cancel_requested_at = null, start_by = null,
            failures = 0, worker_losses = 0, continues_attempt = false,
            version = version + 1, history_seq = history_seq + 1, updated_at = now(),
            changed_by = 'parent', source = 'parent', reason = 'parent retried'
        where parent_id = any(parents) and status = 'cancelled' and cancel_requested_at is not null
          and id > (select min(parent::text)::uuid from unnest(parents) as parent)
          and exists (select from operation_history h
                      where h.operation_id = operation.id and h.reason = stop_reason
                        and h.seq >= operation.history_seq - 2);
    end if;
end
$$;

-- As table operation_transition, which a statement would read anew for each change.
create or replace function is_transition(from_status text, to_status text) returns boolean
    language sql immutable parallel safe
return from_status || '>' || to_status in (
    'pending>running', 'pending>cancelled', 'pending>failed',
    'running>pending', 'running>waiting', 'running>completed', 'running>failed', 'running>cancelled',
    'waiting>pending', 'waiting>cancelled', 'waiting>failed',
    'failed>pending', 'cancelled>pending');
do $$
declare
    wrong text := (
        select string_agg(f.status || '>' || t.status, ', ')
        from unnest('{pending,running,waiting,completed,failed,cancelled}'::text[]) as f (status)
        cross join unnest('{pending,running,waiting,completed,failed,cancelled}'::text[]) as t (status)
        where is_transition(f.status, t.status)
              <> exists (select from operation_transition o where o.from_status = f.status and o.to_status = t.status));
begin
    if wrong is not null then
        raise exception 'is_transition() and operation_transition differ in %', wrong;
    end if;
end
$$;

-- The next four serve record_change for changes that are no claim and no end.

create or replace function change_problem(o operation, n operation) returns text
    language sql stable set search_path from current as $$
    select case
        when n.version <> o.version + 1 or n.history_seq not in (o.history_seq, o.history_seq + 1)
             or n.history_seq = o.history_seq
                and (n.status, n.attempt, n.run_id, n.queue, n.priority, n.cancel_requested_at, n.paused,
                     n.answer_count)
                    is distinct from (o.status, o.attempt, o.run_id, o.queue, o.priority, o.cancel_requested_at,
                                      o.paused, o.answer_count)
                and (n.status = o.status or is_transition(o.status, n.status))
            then format('a change adds one to version, not %s, and one to history_seq if history records it, not %s',
                        n.version - o.version, n.history_seq - o.history_seq)
        when n.status <> o.status and not is_transition(o.status, n.status)
            then format('cannot go from %s to %s (table operation_transition lists the moves)', o.status, n.status)
    end
$$;

-- Of a change that is none of status, cancel request, pause and answer. A hand edit of progress alone is not recorded:
-- see normalize_manual_update.
create or replace function minor_event(o operation, n operation) returns text language sql stable as $$
    select case
        when n.erased_at is distinct from o.erased_at then 'data_erased'
        when n.source <> 'sql'
             and (n.queue, n.priority, n.type, n.run_at, n.max_attempts, n.timeout, n.deadline, n.tags, n.metadata,
                  n.input, n.output)
                 is not distinct from (o.queue, o.priority, o.type, o.run_at, o.max_attempts, o.timeout, o.deadline,
                                       o.tags, o.metadata, o.input, o.output)
            then 'progress'
        else 'edited'
    end
$$;

-- {"priority": [0, 5]}; null: nothing was edited.
create or replace function edited_fields(o operation, n operation) returns jsonb language plpgsql stable as $$
begin
    if n.erased_at is distinct from o.erased_at
       or (n.queue, n.priority, n.tags, n.metadata, n.type, n.max_attempts, n.timeout, n.deadline)
          is not distinct from (o.queue, o.priority, o.tags, o.metadata, o.type, o.max_attempts, o.timeout, o.deadline)
       and (n.run_at = o.run_at or n.status <> o.status or n.attempt <> o.attempt) then
        return null;
    end if;
    return (
        select jsonb_object_agg(name, jsonb_build_array(before, after))
        from (values ('type', to_jsonb(o.type), to_jsonb(n.type)),
                     ('queue', to_jsonb(o.queue), to_jsonb(n.queue)),
                     ('priority', to_jsonb(o.priority), to_jsonb(n.priority)),
                     ('tags', to_jsonb(o.tags), to_jsonb(n.tags)),
                     ('metadata', o.metadata, n.metadata),
                     ('run_at', to_jsonb(o.run_at), to_jsonb(n.run_at)),
                     ('max_attempts', to_jsonb(o.max_attempts), to_jsonb(n.max_attempts)),
                     ('timeout', to_jsonb(o.timeout), to_jsonb(n.timeout)),
                     ('deadline', to_jsonb(o.deadline), to_jsonb(n.deadline)))
             as field (name, before, after)
        where before is distinct from after);
end
$$;

-- Of the value that a change stored: an answer, the output, or input and output edited by hand.
create or replace function stored_digest(o operation, n operation) returns bytea
    language plpgsql stable set search_path from current as $$
begin
    if n.erased_at is distinct from o.erased_at then
        return null;
    elsif n.answer_count <> o.answer_count then
        return (select sha256(convert_to(r.answer::text, 'UTF8')) from input_request r
                where r.operation_id = n.id and r.name = substr(n.reason, length('answered ') + 1));
    elsif n.status = 'completed' and o.status <> 'completed' then
        return sha256(convert_to(coalesce(n.output::text, ''), 'UTF8'));
    elsif (n.input, n.output) is distinct from (o.input, o.output) then
        return sha256(convert_to(case when n.input is distinct from o.input then n.input::text else '' end
                                 || coalesce(n.output::text, ''), 'UTF8'));
    end if;
    return null;
end
$$;

-- One pass over the pairs of old and new rows writes history and counters, and finds what to refuse and to announce.
-- Claims and ends are plain: their entries are complete without a look at the whole rows. A second statement writes
-- those of other changes: set up with each change, its expressions cost a single claim 200 us more.
--
-- The join of two batches needs a hash join. The engine's connection turns those off for its own statements; and a
-- connection keeps the plans of its first batch: of one row, a nested loop (1,000 rows took 640 ms instead of 27).
create or replace function record_change() returns trigger
    language plpgsql security definer set search_path from current set enable_hashjoin = on set enable_nestloop = off
        set jit = off as $$
declare
    seen record;
begin
    if not exists (select from new_rows) then   -- a claim that found nothing
        return null;
    end if;
    with pair as materialized (
        select n.id, n.version, n.history_seq, n.namespace, n.type, n.queue, o.status as from_status, n.status,
               n.attempt, n.changed_by, n.source, n.reason, n.progress, n.message, n.task_version,
               coalesce(n.worker_id, o.worker_id) as worker_id, coalesce(n.run_id, o.run_id) as run_id,
               n.history_seq <> o.history_seq as is_told,
               n.run_id is distinct from o.run_id and n.source <> 'sql' as is_plain,
               n.type <> o.type or n.queue <> o.queue or n.namespace <> o.namespace as is_regrouped,
               n.status in ('failed', 'cancelled') or n.cancel_requested_at is not null as is_stopped,
               o.finished_at is not null and n.finished_at is null as is_reopened,
               n.version <> o.version + 1
               or n.history_seq = o.history_seq
                  and (n.status, n.attempt, n.run_id, n.queue, n.priority, n.cancel_requested_at, n.paused,
                       n.answer_count)
                      is distinct from (o.status, o.attempt, o.run_id, o.queue, o.priority, o.cancel_requested_at,
                                        o.paused, o.answer_count)
               or n.history_seq not in (o.history_seq, o.history_seq + 1)
               or n.status <> o.status and not is_transition(o.status, n.status) as is_wrong,
               case when n.error is distinct from o.error then n.error end as error,
               case when n.status = 'completed' and o.status <> 'completed'
                   then sha256(convert_to(coalesce(n.output::text, ''), 'UTF8')) end as digest,
               case n.status
                    when 'pending' then
                        case when not n.delayed and n.claim_group is not null
                                  and (o.status <> 'pending' or o.delayed or n.queue <> o.queue
                                       or n.claim_group is distinct from o.claim_group)
                             then case n.claim_group when '' then 'operation_ready ' || n.queue
                                                     else 'remote_ready ' || n.claim_group || ' ' || n.queue end end
                    when 'running' then
                        case when n.cancel_requested_at is not null
                                  and (o.cancel_requested_at is null or n.paused <> o.paused)
                                 then 'operation_signal ' || n.id || ' cancel'
                             when n.paused <> o.paused and o.status = 'running'
                                 then 'operation_signal ' || n.id
                                      || case when n.paused then ' pause' else ' resume' end end
                    else
                        case when n.parent_id is not null and n.workflow_node is null
                                  and n.finished_at is not null and o.finished_at is null
                             then 'child_finished ' || n.parent_id end end as wake
        from new_rows n join old_rows o on o.id = n.id),
    entry as (
        insert into operation_history (operation_id, txid, seq, version, event, from_status, to_status, attempt,
                                       changed_by, source, reason, progress, message, worker_id, run_id, task_version,
                                       error, digest)
        select id, (select feed_position()), history_seq, version, 'status', from_status, status, attempt, changed_by,
               source, reason, progress, message, worker_id, run_id, task_version, error, digest
        from pair where is_told and is_plain and not is_wrong),
    delta as (
        insert into count_delta (namespace, type, queue, from_status, to_status, number)
        select namespace, type, queue, from_status, status, count(*) from pair
        where status <> from_status and not is_regrouped
        group by 1, 2, 3, 4, 5)
    select count(*) as number,
           case when count(*) <= 200 then pg_notify('operation_changed', string_agg(id::text, ',')) end,
           array_agg(wake) filter (where wake is not null) as wakes,
           array_agg(id) filter (where is_stopped) as stopped,
           array_agg(id) filter (where is_reopened) as reopened,
           bool_or(is_wrong) as is_wrong,
           bool_or(is_told and not is_plain) as has_others,
           bool_or(is_regrouped) as is_regrouped,
           bool_or(is_told and changed_by <> session_user) as names_principal
    into seen from pair;
    if seen.is_wrong then
        raise exception 'operation %', (select n.id || ': ' || change_problem(o, n)
                                        from new_rows n join old_rows o on o.id = n.id
                                        where change_problem(o, n) is not null limit 1)
            using errcode = 'check_violation';
    end if;
    if seen.names_principal and pg_trigger_depth() = 1 and not may_name_principal() then
        raise exception 'role % cannot name another principal in changed_by', session_user
            using errcode = 'insufficient_privilege';
    end if;
    if seen.has_others then
        insert into operation_history (operation_id, txid, seq, version, event, from_status, to_status, attempt,
                                       changed_by, source, reason, progress, message, worker_id, run_id, task_version,
                                       error, changes, digest)
        select n.id, (select feed_position()), n.history_seq, n.version,
               case when n.answer_count <> o.answer_count then 'answered'
                    when (n.status, n.attempt, n.run_id) is distinct from (o.status, o.attempt, o.run_id) then 'status'
                    when n.cancel_requested_at is distinct from o.cancel_requested_at then 'cancel_requested'
                    when n.paused <> o.paused then case when n.paused then 'paused' else 'resumed' end
                    else minor_event(o, n) end,
               o.status, n.status, n.attempt, n.changed_by, n.source, n.reason, n.progress, n.message,
               coalesce(n.worker_id, o.worker_id), coalesce(n.run_id, o.run_id), n.task_version,
               case when n.error is distinct from o.error then n.error end,
               case when n.status = o.status or o.finished_at is not null or n.source = 'sql'
                    then edited_fields(o, n) end,
               case when n.answer_count <> o.answer_count or n.source = 'sql' then stored_digest(o, n) end
        from new_rows n join old_rows o on o.id = n.id
        where n.history_seq <> o.history_seq and not (n.run_id is distinct from o.run_id and n.source <> 'sql');
    end if;
    if seen.is_regrouped then
        insert into count_delta (namespace, type, queue, from_status, to_status, number)
        select o.namespace, o.type, o.queue, o.status, null, 1 from old_rows o join new_rows n on n.id = o.id
        where (n.namespace, n.type, n.queue) <> (o.namespace, o.type, o.queue)
        union all
        select n.namespace, n.type, n.queue, null, n.status, 1 from old_rows o join new_rows n on n.id = o.id
        where (n.namespace, n.type, n.queue) <> (o.namespace, o.type, o.queue);
    end if;
    if seen.number > 200 then
        perform pg_notify('operation_changed', string_agg(id::text, ','))
        from (select id, (row_number() over () - 1) / 200 as chunk from new_rows) as ids group by chunk;
    end if;
    if seen.wakes is not null then
        perform pg_notify(split_part(wake, ' ', 1), left(substr(wake, strpos(wake, ' ') + 1), 1000))
        from (select distinct unnest(seen.wakes)) as w (wake);
    end if;
    if seen.stopped is not null then
        perform propagate_to_children(seen.stopped, true);
    end if;
    if seen.reopened is not null then
        perform propagate_to_children(seen.reopened, false);
    end if;
    return null;
end
$$;
create or replace trigger operation_updated after update on operation
    referencing old table as old_rows new table as new_rows for each statement execute function record_change();

create or replace trigger operations_are_kept before delete or truncate on operation
    for each statement execute function refuse_change('operations leave with their partition, not one by one');
create or replace trigger ids_are_kept before update of id on operation
    for each statement execute function refuse_change('an operation keeps its id, by which its history is found');
