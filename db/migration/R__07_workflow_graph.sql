-- The machine of workflows.
--
-- When an operation of a node finishes, a trigger finishes the node, tells its dependents, and submits the operations
-- of
-- those with no pending dependency, in the same transaction, for any client. So no end is ever stored without what
-- follows from it; a waiting workflow that is not paused has an unfinished child; and no node of the service need run.
--
-- Lock order: operations, then the rows of their workflows (by id), then their nodes. Of two ends in one workflow the
-- second waits for the first one's commit. A cancelled or paused workflow submits nothing: propagate_to_children and
-- workflow_pause look again for operations that were submitted meanwhile.
--
-- Statements name live statuses, and so open operation_live alone. Only placeholders read finished operations, by id.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Submits the next operations of a node with for_each, as many as may be unfinished at once.
create or replace function workflow_submit_next(workflow uuid, node_name text) returns void
    language plpgsql set search_path from current as $$
declare
    n    workflow_node;
    room integer;
begin
    select * into n from workflow_node where workflow_id = workflow and name = node_name;
    room := least(n.total - n.submitted, n.max_parallel - (n.submitted - n.finished));
    if room > 0 then
        insert into operation (namespace, type, claim_group, queue, priority, max_attempts, timeout, input,
            parent_id, workflow_node, fan_out_index,
                               weight, metadata, changed_by, source)
        select w.namespace, n.type, claim_group_of(n.type, w.namespace), n.queue, n.priority, n.max_attempts, n.timeout,
               case when n.placeholders is null then n.input
                   else workflow_fill(workflow, n.input, n.placeholders, e.value, e.place::integer - 1) end,
               workflow, n.name, e.place - 1, n.weight / n.total,
                   jsonb_build_object('node', n.name, 'item', e.place - 1), 'workflow', 'workflow'
        from jsonb_array_elements(n.items) with ordinality as e (value, place)
        cross join workflow_namespace(workflow) as w (namespace)
        where e.place > n.submitted and e.place <= n.submitted + room
        order by e.place;
        update workflow_node set submitted = n.submitted + room where workflow_id = workflow and name = node_name;
    end if;
end
$$;

-- The namespace of a live workflow, which its operations share.
create or replace function workflow_namespace(workflow uuid) returns text
    language sql stable set search_path from current as $$
    select coalesce((select namespace from operation where id = workflow
        and status in ('pending', 'running', 'waiting')), 'default')
$$;

-- Submits a node that has placeholders or a list. A placeholder without a value fails the node, not the end before it.
create or replace function workflow_submit_node(workflow uuid, node_name text) returns void
    language plpgsql set search_path from current as $$
declare
    n    workflow_node;
    list jsonb;
begin
    select * into n from workflow_node where workflow_id = workflow and name = node_name;
    if n.for_each is null then
        insert into operation (id, namespace, type, claim_group, queue, priority, max_attempts, timeout, input,
            parent_id, workflow_node, weight, metadata,
                               changed_by, source)
        select n.operation_id, w.namespace, n.type, claim_group_of(n.type, w.namespace), n.queue, n.priority,
            n.max_attempts, n.timeout,
               workflow_fill(workflow, n.input, n.placeholders, null, null),
               workflow, n.name, n.weight, jsonb_build_object('node', n.name), 'workflow', 'workflow'
        from workflow_namespace(workflow) as w (namespace);
        return;
    end if;
    list := case jsonb_typeof(n.for_each) when 'array' then n.for_each
        else workflow_value(workflow, n.for_each, null, null) end;
    if jsonb_typeof(list) <> 'array' then
        raise exception 'for_each must be a list, and % is of type %', n.for_each ->> 'text', jsonb_typeof(list);
    elsif jsonb_array_length(list) > 10000 then
        raise exception 'for_each may have 10000 elements, not %', jsonb_array_length(list);
    end if;
    -- Placeholders that do not differ from element to element are filled in once.
    update workflow_node set
        total = jsonb_array_length(list), items = list,
        input = case when n.placeholders is null then n.input else workflow_fill(workflow, n.input, (
            select coalesce(jsonb_agg(p), '[]') from jsonb_array_elements(n.placeholders) as p
                where not placeholder_uses_item(p)), null, null) end,
        placeholders = (select jsonb_agg(p) from jsonb_array_elements(n.placeholders) as p
            where placeholder_uses_item(p))
    where workflow_id = workflow and name = node_name;
    perform workflow_submit_next(workflow, node_name);
end
$$;

-- Tells the dependents of finished nodes; submits, skips, or finds not triggered those without a pending dependency;
-- and
-- goes on with these, which may have finished too.
--
-- from_…: the finished nodes, and whether each failed. seeds: nodes without dependencies.
create or replace function workflow_propagate(from_workflows uuid[], from_nodes text[], from_failed boolean[],
    seed_workflows uuid[], seeds text[])
    returns void language plpgsql set search_path from current as $$
declare
    special_workflows uuid[];
    specials          text[];
    special           record;
    did_fail          boolean;
begin
    while cardinality(from_nodes) > 0 or cardinality(seeds) > 0 loop
        with finish as (
            select workflow_id, name, sum(dependencies)::integer as dependencies, sum(failed)::integer as failed
            from (select d.workflow_id, d.to_node as name, 1 as dependencies, f.failed::integer as failed
                  from unnest(from_workflows, from_nodes, from_failed) as f (workflow, name, failed)
                  join workflow_dependency d on d.workflow_id = f.workflow and d.from_node = f.name
                  union all select workflow, name, 0, 0 from unnest(seed_workflows, seeds) as s (workflow,
                      name)) as finishes
            group by workflow_id, name),
        verdict as (
            select n.workflow_id, n.name, n.pending_dependencies - f.dependencies as pending, n.failed_dependencies
                + f.failed as failed,
                   n.pending_dependencies = f.dependencies as is_free,
                   n.run_when = 'always' or (n.run_when = 'success') = (n.failed_dependencies + f.failed = 0) as runs
            from finish f join workflow_node n on n.workflow_id = f.workflow_id and n.name = f.name
            where n.status = 'waiting'),
        informed as (
            update workflow_node n set
                pending_dependencies = v.pending, failed_dependencies = v.failed,
                status = case when not v.is_free then 'waiting' when v.runs then 'running'
                              when n.run_when = 'success' then 'skipped' else 'not_triggered' end,
                propagated = v.is_free and not v.runs,
                finished_at = case when v.is_free and not v.runs then now() end,
                operation_id = case when n.for_each is null then coalesce(n.operation_id, operation_id()) end,
                total = case when v.is_free and v.runs and n.for_each is null then 1 end,
                submitted = case when v.is_free and v.runs and n.for_each is null then 1 else 0 end
            from verdict v
            where n.workflow_id = v.workflow_id and n.name = v.name
            returning n.*),
        plain as (
            insert into operation (id, namespace, type, claim_group, queue, priority, max_attempts, timeout, input,
                parent_id, workflow_node, weight, metadata,
                                   changed_by, source)
            select i.operation_id, coalesce(w.namespace, 'default'), i.type, coalesce(r.type, ''), i.queue,
                i.priority, i.max_attempts, i.timeout, i.input, i.workflow_id, i.name,
                   i.weight, jsonb_build_object('node', i.name), 'workflow', 'workflow'
            from informed i
            left join operation w on w.id = i.workflow_id and w.status in ('pending', 'running', 'waiting')
            -- as claim_group_of, which would be called for each
            left join remote_type r on r.type = i.type and r.namespace = coalesce(w.namespace, 'default')
            where i.status = 'running' and i.for_each is null and i.placeholders is null
            order by i.operation_id)
        select coalesce(array_agg(workflow_id) filter (where status in ('skipped', 'not_triggered')), '{}'),
               coalesce(array_agg(name) filter (where status in ('skipped', 'not_triggered')), '{}'),
               coalesce(array_agg(status = 'skipped') filter (where status in ('skipped', 'not_triggered')), '{}'),
               array_agg(workflow_id) filter (where status = 'running'
                   and (for_each is not null or placeholders is not null)),
               array_agg(name) filter (where status = 'running' and (for_each is not null or placeholders is not null))
        into from_workflows, from_nodes, from_failed, special_workflows, specials
        from informed;
        seed_workflows := '{}';
        seeds := '{}';
        for special in select s.workflow, s.name from unnest(special_workflows, specials) as s (workflow, name) loop
            begin
                perform workflow_submit_node(special.workflow, special.name);
            exception when others then
                if sqlstate ~ '^(40|53|55|57|58|XX)' then
                    raise;   -- nothing is wrong with the node: the caller tries again
                end if;
                update workflow_node set total = null, submitted = 0, operation_id = null,
                                         error = jsonb_build_object('type', 'unfit_input', 'message', sqlerrm)
                where workflow_id = special.workflow and name = special.name;
            end;
            -- It may have finished at once: it failed, or its list is empty.
            update workflow_node set status = case when error is null then 'completed'
                else 'failed' end, propagated = true, finished_at = now()
            where workflow_id = special.workflow and name = special.name and (error is not null or total = 0)
            returning error is not null into did_fail;
            if found then
                from_workflows := from_workflows || special.workflow;
                from_nodes := from_nodes || special.name;
                from_failed := from_failed || did_fail;
            end if;
        end loop;
    end loop;
end
$$;

-- Operations of these nodes finished (or, where a count is negative, are retried): finishes the nodes and goes on.
--
-- Each row is reached by its key: a plan made while the tables were small would scan them when they are large. A plan
-- with
-- something switched off looks so dear that PostgreSQL would compile it for seconds, hence no JIT.
create or replace function workflow_advance(workflows uuid[], names text[], finishes integer[], failures integer[],
    cancels integer[]) returns void
    language plpgsql security definer set search_path from current
    set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
    set plan_cache_mode = force_generic_plan set lock_timeout = '2s' as $$
declare
    from_workflows uuid[];
    from_nodes     text[];
    from_failed    boolean[];
    hungry         jsonb;
begin
    perform from workflow where id = any(workflows) order by id for update;
    with moved as (
        select n.workflow_id, n.name, n.propagated, n.finished + m.finished as finished, n.failed
            + m.failed as failed, n.cancelled + m.cancelled as cancelled,
               n.total,
               coalesce((select o.cancel_requested_at is null and not o.paused from operation o
                         where o.id = n.workflow_id and o.status in ('pending', 'running', 'waiting')),
                             false) as is_live
        from unnest(workflows, names, finishes, failures, cancels) as m (workflow, name, finished, failed, cancelled)
        join workflow_node n on n.workflow_id = m.workflow and n.name = m.name),
    counted as (
        update workflow_node n set
            finished = m.finished, failed = m.failed, cancelled = m.cancelled,
            status = case when m.finished < m.total then 'running' when m.failed = 0 then 'completed'
                when m.failed = m.cancelled then 'cancelled'
                          else 'failed' end,
            propagated = m.propagated or m.is_live and m.finished = m.total,
            finished_at = case when m.finished = m.total then now() end
        from moved m where n.workflow_id = m.workflow_id and n.name = m.name
        returning n.workflow_id, n.name, n.status, n.propagated and not m.propagated as tells, m.is_live
            and n.submitted < n.total as is_hungry)
    select coalesce(array_agg(workflow_id) filter (where tells), '{}'),
        coalesce(array_agg(name) filter (where tells), '{}'),
           coalesce(array_agg(status <> 'completed') filter (where tells), '{}'),
           jsonb_agg(jsonb_build_array(workflow_id, name)) filter (where is_hungry)
    into from_workflows, from_nodes, from_failed, hungry from counted;
    if hungry is not null then
        perform workflow_submit_next((one ->> 0)::uuid, one ->> 1) from jsonb_array_elements(hungry) as one;
    end if;
    if cardinality(from_nodes) > 0 then
        perform workflow_propagate(from_workflows, from_nodes, from_failed, '{}', '{}');
    end if;
    -- A workflow is woken when nothing of it is left, not by each end: of 20 wakes in a chain of 20, 19 were in vain.
    perform pg_notify('child_finished', moved.id::text) from (select distinct w
        from unnest(workflows) as w) as moved (id)
    where not exists (select from workflow_node n where n.workflow_id = moved.id and n.status = 'running'
        and n.submitted > n.finished);
end
$$;

-- Starts the nodes without pending dependencies, and propagates ends of a time when the workflow was paused. The
-- caller has
-- locked the operations.
create or replace function workflow_start(workflows uuid[]) returns void
    language plpgsql set search_path from current
    set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
    set plan_cache_mode = force_generic_plan as $$
declare
    from_workflows uuid[];
    from_nodes     text[];
    from_failed    boolean[];
    seed_workflows uuid[];
    seeds          text[];
begin
    perform from workflow where id = any(workflows) order by id for update;
    with pending as (
        update workflow_node set propagated = true where workflow_id = any(workflows) and finished_at is not null
            and not propagated
        returning workflow_id, name, status)
    select coalesce(array_agg(workflow_id), '{}'), coalesce(array_agg(name), '{}'),
        coalesce(array_agg(status <> 'completed'), '{}')
    into from_workflows, from_nodes, from_failed from pending;
    select coalesce(array_agg(workflow_id order by workflow_id, position), '{}'),
        coalesce(array_agg(name order by workflow_id, position), '{}')
    into seed_workflows, seeds
    from workflow_node where workflow_id = any(workflows) and status = 'waiting' and pending_dependencies = 0;
    perform workflow_propagate(from_workflows, from_nodes, from_failed, seed_workflows, seeds);
end
$$;
