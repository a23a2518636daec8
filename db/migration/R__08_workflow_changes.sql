-- Changes of operations that concern workflows: ends of their nodes, and pause, resume and retry of a whole.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- A paused workflow submits nothing, and its operations pause too: running ones from their next checkpoint on.
create or replace function workflow_pause(workflows uuid[]) returns void
    language plpgsql set search_path from current set enable_nestloop = on as $$
begin
    -- Until there are none: an end that this waited for may have submitted others meanwhile. Paused ones are locked
    -- too,
    -- lest they finish unseen.
    loop
        begin
            perform from operation
            where parent_id = any(workflows) and workflow_node is not null and status in ('pending', 'running', 'waiting')
            order by id for update;
            update operation set
                paused = true, delayed = status <> 'running', version = version + 1, history_seq = history_seq + 1,
                updated_at = now(), changed_by = 'workflow', source = 'workflow', reason = 'workflow paused'
            where parent_id = any(workflows) and workflow_node is not null
              and status in ('pending', 'running', 'waiting') and cancel_requested_at is null and not paused;
            exit when not found;
        exception when serialization_failure then
            null;   -- an operation ended, and so moved, while this waited for it: look again
        end;
    end loop;
end
$$;

-- Operations paused by it go on, not those paused by a principal; and the graph goes on where it was.
create or replace function workflow_resume(workflows uuid[]) returns void
    language plpgsql security definer set search_path from current set enable_nestloop = on set jit = off as $$
begin
    loop
        begin
            with paused as (
                select id from operation o
                where parent_id = any(workflows) and workflow_node is not null and paused
                  and status in ('pending', 'running', 'waiting')
                  and (select h.reason from operation_history h where h.operation_id = o.id and h.event = 'paused'
                       order by h.seq desc limit 1) = 'workflow paused'
                order by id for update)
            update operation o set
                paused = false, delayed = o.status = 'waiting' or o.status = 'pending' and o.run_at > now(),
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = 'workflow', source = 'workflow', reason = 'workflow resumed'
            from paused where o.id = paused.id and o.status in ('pending', 'running', 'waiting');
            exit;
        exception when serialization_failure then
            null;   -- an operation ended, and so moved, while this waited for it: look again
        end;
    end loop;
    perform from workflow where id = any(workflows) order by id for update;
    perform workflow_submit_next(workflow_id, name) from workflow_node where workflow_id = any(workflows)
        and status = 'running' and submitted < total;
    perform workflow_start(workflows);
end
$$;

-- A retried workflow repeats what did not complete and goes on from there: failed operations get their next attempt,
-- and skipped nodes wait again.
create or replace function workflow_reopen(workflows uuid[]) returns void
    language plpgsql security definer set search_path from current set enable_nestloop = on set jit = off as $$
begin
    perform from workflow where id = any(workflows) order by id for update;
    with open as (
        select workflow_id, name from workflow_node where workflow_id = any(workflows) and status <> 'completed')
    update workflow_node n set
        pending_dependencies = (select count(*) from workflow_dependency d
            join open f on f.workflow_id = d.workflow_id and f.name = d.from_node
                                where d.workflow_id = n.workflow_id and d.to_node = n.name),
        failed_dependencies = 0, propagated = false, finished_at = null, error = null,
        status = case when n.total is null then 'waiting' else 'running' end
    from open where n.workflow_id = open.workflow_id and n.name = open.name;
    -- These are not counted above.
    update workflow_node set propagated = true where workflow_id = any(workflows) and status = 'completed'
        and not propagated;
    loop
        begin
            with again as (
                select id from operation
                where parent_id = any(workflows) and workflow_node is not null and status in ('failed', 'cancelled')
                  and id > (select min(w::text)::uuid from unnest(workflows) as w)
                order by id for update)
            update operation o set
                status = 'pending', delayed = false, run_at = now(), finished_at = null, cancel_requested_at = null,
                failures = 0, worker_losses = 0, continues_attempt = false, start_by = null,
                deadline = case when o.deadline > now() then o.deadline end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = 'workflow', source = 'workflow', reason = 'workflow retried'
            from again where o.id = again.id and o.status in ('failed', 'cancelled');
            exit;
        exception when serialization_failure then
            null;   -- an operation was retried by itself while this waited for it: look again
        end;
    end loop;
    perform workflow_submit_next(workflow_id, name) from workflow_node where workflow_id = any(workflows)
        and status = 'running' and submitted < total;
    perform workflow_start(workflows);
end
$$;

-- The joins of two batches need a hash join, as in record_change.
create or replace function advance_workflows() returns trigger
    language plpgsql security definer set search_path from current set enable_hashjoin = on set enable_nestloop = off
        set jit = off as $$
declare
    workflows uuid[];
    names     text[];
    finishes  integer[];
    failures  integer[];
    cancels   integer[];
    paused_   uuid[];
    resumed   uuid[];
    reopened  uuid[];
    started   uuid[];
begin
    if not exists (select from new_rows where workflow_node is not null or type = 'workflow') then
        return null;
    end if;
    if exists (select from new_rows where workflow_node is not null) then
        select array_agg(workflow), array_agg(workflow_node), array_agg(finished), array_agg(failed),
            array_agg(cancelled)
        into workflows, names, finishes, failures, cancels
        from (select n.parent_id as workflow, n.workflow_node,
            sum(case when n.finished_at is not null then 1 else -1 end)::integer as finished,
                     sum(case when n.status in ('failed', 'cancelled') then 1
                         when o.status in ('failed', 'cancelled') then -1 else 0 end)::integer as failed,
                     sum(case when n.status = 'cancelled' then 1 when o.status = 'cancelled' then -1
                         else 0 end)::integer as cancelled
              from new_rows n join old_rows o using (id)
              where n.workflow_node is not null and (n.finished_at is null) <> (o.finished_at is null)
              group by n.parent_id, n.workflow_node) as ends;
        if workflows is not null then
            perform workflow_advance(workflows, names, finishes, failures, cancels);
            -- The workflow's own node hears of an end without it, and sums up the progress.
            perform pg_notify('child_finished', parent_id::text) from new_rows
            where workflow_node is not null and finished_at is not null and source <> 'engine' group by parent_id;
        end if;
    end if;
    if exists (select from new_rows where type = 'workflow') then
        select array_agg(n.id) filter (where n.paused and not o.paused),
               array_agg(n.id) filter (where o.paused and not n.paused and n.finished_at is null
                   and n.cancel_requested_at is null),
               array_agg(n.id) filter (where o.finished_at is not null and n.finished_at is null),
               array_agg(n.id) filter (where o.status = 'running' and n.waits_for = 'operations' and not n.paused)
        into paused_, resumed, reopened, started
        from new_rows n join old_rows o using (id)
        where n.type = 'workflow' and (n.paused <> o.paused or o.finished_at is not null and n.finished_at is null
                                       or o.status = 'running' and n.waits_for = 'operations');
        -- Its graph is stored, and it begins to wait for it; a paused one starts when it is resumed. All of one batch
        -- start
        -- together: each by itself took 2 ms.
        if started is not null then
            perform workflow_start(started);
        end if;
        if paused_ is not null then
            perform workflow_pause(paused_);
        end if;
        if resumed is not null then
            perform workflow_resume(resumed);
        end if;
        if reopened is not null then
            perform workflow_reopen(reopened);
        end if;
    end if;
    return null;
end
$$;
-- After operation_updated, by the order of names: what follows an end is written after the end.
create or replace trigger workflow_advanced after update on operation
    referencing old table as old_rows new table as new_rows for each statement execute function advance_workflows();

-- Deletes graphs whose operations left with their partition, at most this many. Returns how many.
create or replace function purge_workflows(most integer) returns integer
    language plpgsql security definer set search_path from current as $$
declare
    gone uuid[];
begin
    gone := array(select w.id from retired_partition r
                  join workflow w on w.id >= operation_id_at(r.first_day::timestamp at time zone 'UTC')
                      and w.id < operation_id_at(r.end_day::timestamp at time zone 'UTC')
                  where not exists (select from operation o where o.id = w.id)
                  order by w.id limit most for update of w skip locked);
    delete from workflow_dependency where workflow_id = any(gone);
    delete from workflow_node where workflow_id = any(gone);
    delete from workflow where id = any(gone);
    return cardinality(gone);
end
$$;
