-- Safe online: yes. New tables and functions; no old service reads or writes them.
-- Workflows: operations that wait for operations.
--
-- A workflow is an operation of type `workflow`, whose task lays its graph out here, waits for its children, and says at the end what came of them. The graph
-- itself advances in this file: when an operation that carries out a node ends, whoever ended it, a trigger settles the node, tells those that need it,
-- and submits the operations of those that need nothing more, in the same transaction. So there is no moment at which an end is stored and its consequences
-- are not; a waiting workflow that is not paused always has a child that is not over, until it is over itself; and no node of the service has to be alive.
--
-- Lock order: operations, then the row of their workflow (in id order), then its nodes. Of two ends in one workflow the second waits for the first one's
-- commit; a cancelled or paused workflow releases nothing (children_follow and workflow_hold look again for what was submitted meanwhile).
create table workflow (
    id           uuid        primary key,                -- of its operation
    name         text,
    nodes        integer     not null,
    output       jsonb,                                  -- what it says at the end, with null where a hole is
    holes        jsonb,
    started_at   timestamptz not null default now(),
    constraint nodes_are_sane check (nodes between 1 and 1000)
);
comment on table workflow is 'The operations that are workflows. The row is locked while its graph advances.';

create table workflow_node (
    workflow_id  uuid        not null,
    name         text        not null,
    place        integer     not null,                   -- those that a node needs come before it
    status       text        not null default 'waiting',
    run_when     text        not null default 'success', -- when all it needs is over: success (all of it completed), failure (something failed), always
    needs_left   integer     not null,                   -- how many of those it needs are not settled
    needs_bad    integer     not null default 0,         -- how many of them failed, or were skipped since something before them did
    told         boolean     not null default false,     -- those that need it know that it is settled; while the workflow is paused they are not told
    type         text        not null,                   -- what runs; these as in operation
    queue        text        not null default 'default',
    priority     smallint    not null default 0,
    max_attempts integer     not null default 5,
    timeout      interval,
    input        jsonb       not null,                   -- with null where a hole is
    holes        jsonb,                                  -- what is filled in, and where: see workflow_fill; null: nothing
    for_each     jsonb,                                  -- one operation for each element of this list, or of what it points to; null: one operation
    at_once      integer     not null default 1000,      -- so many of them may be unfinished at once
    weight       real        not null default 1,         -- its share in the progress of the workflow
    items        jsonb,                                  -- the list, once it is known
    total        integer,                                -- how many operations it is; null: not released
    released     integer     not null default 0,         -- how many of them are submitted
    over         integer     not null default 0,         -- how many of them are over
    bad          integer     not null default 0,         -- how many of those did not complete
    cancelled    integer     not null default 0,         -- how many of those were cancelled
    operation_id uuid,                                   -- of a node that is one operation
    error        jsonb,                                  -- why it failed without an operation
    settled_at   timestamptz,
    primary key (workflow_id, name),
    constraint status_known   check (status in ('waiting', 'running', 'completed', 'failed', 'cancelled', 'skipped', 'unneeded')),
    constraint run_when_known check (run_when in ('success', 'failure', 'always')),
    constraint counts_are_sane check (needs_left >= 0 and needs_bad >= 0 and over between 0 and coalesce(total, 0) and bad between 0 and over
                                      and cancelled between 0 and bad and released between over and coalesce(total, 0))
) with (fillfactor = 60);
comment on table workflow_node is 'The nodes of workflows: what each needs, and what came of it.';
comment on column workflow_node.status is 'waiting; running; completed, failed, cancelled: as its operations ended; skipped: something it needs did not complete; unneeded: it was there for a failure, and nothing failed';

create table workflow_edge (
    workflow_id uuid not null,
    from_name   text not null,
    to_name     text not null,                           -- needs from_name
    primary key (workflow_id, from_name, to_name)
);
comment on table workflow_edge is 'Which node of a workflow needs which.';

-- ── what is filled into inputs ──────────────────────────────────────────────────────────────────────────────────────

-- One part of a hole: {"node", "of": output | error | status, "path"}, {"item": path} or {"index": true}. Of a node with for_each: a list, in the order of its elements.
create function workflow_value(workflow uuid, part jsonb, item jsonb, place integer) returns jsonb
    language plpgsql stable set search_path = public, pg_temp as $$
declare
    path  text[] := array(select jsonb_array_elements_text(coalesce(part -> 'path', part -> 'item')));
    node  workflow_node;
    size  bigint;
    value jsonb;
begin
    if part ? 'index' then
        return to_jsonb(place);
    elsif part ? 'item' then
        value := item #> path;
        if value is null then
            raise exception '% has no value: element % of the list has no %', part ->> 'text', place, array_to_string(path, '.');
        end if;
        return value;
    end if;
    select * into node from workflow_node n where n.workflow_id = workflow and n.name = part ->> 'node';
    if part ->> 'of' = 'status' then
        return to_jsonb(node.status);
    elsif node.for_each is null then
        select case part ->> 'of' when 'output' then o.output else coalesce(o.error, node.error) end into value
        from (select) as one left join operation o on o.id = node.operation_id;
        if value is null or cardinality(path) = 0 then
            return coalesce(value, 'null');
        end if;
        value := value #> path;
        if value is null then
            raise exception '% has no value: the % of % has no %', part ->> 'text', part ->> 'of', node.name, array_to_string(path, '.');
        end if;
        return value;
    end if;
    select sum(octet_length((case part ->> 'of' when 'output' then o.output else o.error end #> path)::text)) into size
    from operation o where o.parent_id = workflow and o.node = part ->> 'node';
    if size > 1048576 then
        raise exception '% is % bytes, and an input may be 1048576', part ->> 'text', size;
    end if;
    select coalesce(jsonb_agg(coalesce(case part ->> 'of' when 'output' then o.output else o.error end #> path, 'null') order by o.item), '[]') into value
    from operation o where o.parent_id = workflow and o.node = part ->> 'node';
    return value;
end
$$;

-- A template with its holes filled. A hole is {"at": path, "parts": […]}: one part alone keeps its kind; several, or a text among them, make a text.
create function workflow_fill(workflow uuid, template jsonb, holes jsonb, item jsonb, place integer) returns jsonb
    language plpgsql stable set search_path = public, pg_temp as $$
declare
    filled jsonb := template;
    hole   jsonb;
    part   jsonb;
    value  jsonb;
    words  text;
begin
    for hole in select h from jsonb_array_elements(holes) as h loop
        if jsonb_array_length(hole -> 'parts') = 1 then
            value := workflow_value(workflow, hole #> '{parts,0}', item, place);
        else
            words := '';
            for part in select p from jsonb_array_elements(hole -> 'parts') as p loop
                value := case jsonb_typeof(part) when 'string' then part else workflow_value(workflow, part, item, place) end;
                words := words || coalesce(value #>> '{}', '');
            end loop;
            value := to_jsonb(words);
        end if;
        filled := case when hole -> 'at' = '[]' then value else jsonb_set(filled, array(select jsonb_array_elements_text(hole -> 'at')), value) end;
    end loop;
    if octet_length(filled::text) > 1048576 then
        raise exception 'with all that is filled in it is % bytes, and an input may be 1048576', octet_length(filled::text);
    end if;
    return filled;
end
$$;

-- ── the graph advances ──────────────────────────────────────────────────────────────────────────────────────────────

-- Submits the next operations of a node with for_each, as many as may be unfinished at once.
create function workflow_feed(workflow uuid, node_name text) returns void
    language plpgsql set search_path = public, pg_temp as $$
declare
    n    workflow_node;
    room integer;
begin
    select * into n from workflow_node where workflow_id = workflow and name = node_name;
    room := least(n.total - n.released, n.at_once - (n.released - n.over));
    if room > 0 then
        insert into operation (type, lane, queue, priority, max_attempts, timeout, input, parent_id, node, item, weight, metadata, changed_by, changed_via)
        select n.type, lane_of(n.type), n.queue, n.priority, n.max_attempts, n.timeout,
               case when n.holes is null then n.input else workflow_fill(workflow, n.input, n.holes, e.value, e.place::integer - 1) end,
               workflow, n.name, e.place - 1, n.weight / n.total, jsonb_build_object('node', n.name, 'item', e.place - 1), 'its workflow', 'workflow'
        from jsonb_array_elements(n.items) with ordinality as e (value, place)
        where e.place > n.released and e.place <= n.released + room
        order by e.place;
        update workflow_node set released = n.released + room where workflow_id = workflow and name = node_name;
    end if;
end
$$;

-- Submits what a node is that has holes or is a list. What cannot be filled in fails the node, not the end of the one it needs.
create function workflow_release(workflow uuid, node_name text) returns void
    language plpgsql set search_path = public, pg_temp as $$
declare
    n    workflow_node;
    list jsonb;
begin
    select * into n from workflow_node where workflow_id = workflow and name = node_name;
    if n.for_each is null then
        insert into operation (id, type, lane, queue, priority, max_attempts, timeout, input, parent_id, node, weight, metadata, changed_by, changed_via)
        select n.operation_id, n.type, lane_of(n.type), n.queue, n.priority, n.max_attempts, n.timeout, workflow_fill(workflow, n.input, n.holes, null, null),
               workflow, n.name, n.weight, jsonb_build_object('node', n.name), 'its workflow', 'workflow';
        return;
    end if;
    list := case jsonb_typeof(n.for_each) when 'array' then n.for_each else workflow_value(workflow, n.for_each, null, null) end;
    if jsonb_typeof(list) <> 'array' then
        raise exception 'for_each must be a list, and % is of type %', n.for_each ->> 'text', jsonb_typeof(list);
    elsif jsonb_array_length(list) > 10000 then
        raise exception 'for_each may have 10000 elements, not %', jsonb_array_length(list);
    end if;
    -- What does not differ from element to element is filled in once.
    update workflow_node set
        total = jsonb_array_length(list), items = list,
        input = case when n.holes is null then n.input else workflow_fill(workflow, n.input, (
            select coalesce(jsonb_agg(h), '[]') from jsonb_array_elements(n.holes) as h where not workflow_is_of_item(h)), null, null) end,
        holes = (select jsonb_agg(h) from jsonb_array_elements(n.holes) as h where workflow_is_of_item(h))
    where workflow_id = workflow and name = node_name;
    perform workflow_feed(workflow, node_name);
end
$$;

create function workflow_is_of_item(hole jsonb) returns boolean language sql immutable as $$
    select exists (select from jsonb_array_elements(hole -> 'parts') as part where part ? 'item' or part ? 'index')
$$;

-- Tells nodes that some of those they need are settled, and releases, skips, or finds unneeded those that wait for nothing more; these may settle others.
--
-- froms: the settled ones, and whether each went badly. seeds: nodes to be looked at that need nothing.
create function workflow_tell(from_workflows uuid[], froms text[], bads boolean[], seed_workflows uuid[], seeds text[]) returns void
    language plpgsql set search_path = public, pg_temp as $$
declare
    special record;
    failed  boolean;
begin
    while cardinality(froms) > 0 or cardinality(seeds) > 0 loop
        declare
            special_workflows uuid[];
            specials          text[];
        begin
            with word as (
                select workflow_id, name, sum(needs)::integer as needs, sum(bad)::integer as bad
                from (select e.workflow_id, e.to_name as name, 1 as needs, f.bad::integer as bad
                      from unnest(from_workflows, froms, bads) as f (workflow, name, bad)
                      join workflow_edge e on e.workflow_id = f.workflow and e.from_name = f.name
                      union all select workflow, name, 0, 0 from unnest(seed_workflows, seeds) as s (workflow, name)) as words
                group by workflow_id, name),
            heard as (
                update workflow_node n set
                    needs_left = n.needs_left - w.needs, needs_bad = n.needs_bad + w.bad,
                    status = case when n.needs_left > w.needs then 'waiting'
                                  when n.run_when = 'always' or (n.run_when = 'success') = (n.needs_bad + w.bad = 0) then 'running'
                                  when n.run_when = 'success' then 'skipped' else 'unneeded' end,
                    told = n.needs_left = w.needs and n.run_when <> 'always' and (n.run_when = 'success') <> (n.needs_bad + w.bad = 0),
                    settled_at = case when n.needs_left = w.needs and n.run_when <> 'always' and (n.run_when = 'success') <> (n.needs_bad + w.bad = 0) then now() end,
                    operation_id = case when n.for_each is null then coalesce(n.operation_id, operation_id()) end,
                    total = case when n.needs_left = w.needs and n.for_each is null and (n.run_when = 'always' or (n.run_when = 'success') = (n.needs_bad + w.bad = 0)) then 1 end,
                    released = case when n.needs_left = w.needs and n.for_each is null and (n.run_when = 'always' or (n.run_when = 'success') = (n.needs_bad + w.bad = 0)) then 1 else 0 end
                from word w
                where n.workflow_id = w.workflow_id and n.name = w.name and n.status = 'waiting'
                returning n.*),
            plain as (
                insert into operation (id, type, lane, queue, priority, max_attempts, timeout, input, parent_id, node, weight, metadata, changed_by, changed_via)
                select h.operation_id, h.type, coalesce(r.type, ''), h.queue, h.priority, h.max_attempts, h.timeout, h.input, h.workflow_id, h.name, h.weight,
                       jsonb_build_object('node', h.name), 'its workflow', 'workflow'
                from heard h left join remote_type r on r.type = h.type   -- as lane_of, which would be called for each
                where h.status = 'running' and h.for_each is null and h.holes is null
                order by h.operation_id)
            select coalesce(array_agg(workflow_id) filter (where status in ('skipped', 'unneeded')), '{}'),
                   coalesce(array_agg(name) filter (where status in ('skipped', 'unneeded')), '{}'),
                   coalesce(array_agg(status = 'skipped') filter (where status in ('skipped', 'unneeded')), '{}'),
                   array_agg(workflow_id) filter (where status = 'running' and (for_each is not null or holes is not null)),
                   array_agg(name) filter (where status = 'running' and (for_each is not null or holes is not null))
            into from_workflows, froms, bads, special_workflows, specials
            from heard;
            seed_workflows := '{}';
            seeds := '{}';
            for special in select s.workflow, s.name from unnest(special_workflows, specials) as s (workflow, name) loop
                begin
                    perform workflow_release(special.workflow, special.name);
                exception when others then
                    if sqlstate ~ '^(40|53|55|57|58|XX)' then
                        raise;   -- nothing is wrong with the node: the whole is tried again
                    end if;
                    update workflow_node set total = null, released = 0, operation_id = null, error = jsonb_build_object('type', 'unfit_input', 'message', sqlerrm)
                    where workflow_id = special.workflow and name = special.name;
                end;
                -- It may be over at once: it failed, or its list is empty.
                update workflow_node set status = case when error is null then 'completed' else 'failed' end, told = true, settled_at = now()
                where workflow_id = special.workflow and name = special.name and (error is not null or total = 0)
                returning error is not null into failed;
                if found then
                    from_workflows := from_workflows || special.workflow;
                    froms := froms || special.name;
                    bads := bads || failed;
                end if;
            end loop;
        end;
    end loop;
end
$$;

-- Every row is reached by its key: a plan that was made while the tables were small would scan them when they are large. A plan with something switched off
-- looks so dear that PostgreSQL would compile it for seconds, hence no JIT.
--
-- Operations of these nodes ended (or, where a count is negative, are run again): settles the nodes that are over, and what follows from it.
create function workflow_advance(workflows uuid[], names text[], overs integer[], bads integer[], cancels integer[]) returns void
    language plpgsql security definer set search_path = public, pg_temp
    set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
    set plan_cache_mode = force_generic_plan set lock_timeout = '2s' as $$
declare
    from_workflows uuid[];
    froms          text[];
    from_bads      boolean[];
    hungry         jsonb;
begin
    perform from workflow where id = any(workflows) order by id for update;
    with moved as (
        select n.workflow_id, n.name, n.told, n.over + m.over as over, n.bad + m.bad as bad, n.cancelled + m.cancelled as cancelled, n.total,
               (select o.finished_at is null and o.cancel_requested_at is null and not o.paused from operation o where o.id = n.workflow_id) as is_live
        from unnest(workflows, names, overs, bads, cancels) as m (workflow, name, over, bad, cancelled)
        join workflow_node n on n.workflow_id = m.workflow and n.name = m.name),
    counted as (
        update workflow_node n set
            over = m.over, bad = m.bad, cancelled = m.cancelled,
            status = case when m.over < m.total then 'running' when m.bad = 0 then 'completed' when m.bad = m.cancelled then 'cancelled' else 'failed' end,
            told = m.told or m.is_live and m.over = m.total,
            settled_at = case when m.over = m.total then now() end
        from moved m where n.workflow_id = m.workflow_id and n.name = m.name
        returning n.workflow_id, n.name, n.status, n.told and not m.told as tells, m.is_live and n.released < n.total as is_hungry)
    select coalesce(array_agg(workflow_id) filter (where tells), '{}'), coalesce(array_agg(name) filter (where tells), '{}'),
           coalesce(array_agg(status <> 'completed') filter (where tells), '{}'),
           jsonb_agg(jsonb_build_array(workflow_id, name)) filter (where is_hungry)
    into from_workflows, froms, from_bads, hungry from counted;
    if hungry is not null then
        perform workflow_feed((one ->> 0)::uuid, one ->> 1) from jsonb_array_elements(hungry) as one;
    end if;
    if cardinality(froms) > 0 then
        perform workflow_tell(from_workflows, froms, from_bads, '{}', '{}');
    end if;
    -- Who waits for the whole need not look at every end: 20 looks at a chain of 20, of which 19 are in vain, took as long as a tenth of its ends.
    perform pg_notify('operation_child_over', moved.id::text) from (select distinct w from unnest(workflows) as w) as moved (id)
    where not exists (select from workflow_node n where n.workflow_id = moved.id and n.status = 'running' and n.released > n.over);
end
$$;

-- Releases the nodes that need nothing, or nothing more, and tells what was settled while the workflow was paused. Whoever calls it has locked the operations.
create function workflow_begin(workflows uuid[]) returns void
    language plpgsql set search_path = public, pg_temp
    set enable_nestloop = on set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
    set plan_cache_mode = force_generic_plan as $$
declare
    from_workflows uuid[];
    froms          text[];
    bads           boolean[];
    seed_workflows uuid[];
    seeds          text[];
begin
    perform from workflow where id = any(workflows) order by id for update;
    with untold as (
        update workflow_node set told = true where workflow_id = any(workflows) and settled_at is not null and not told
        returning workflow_id, name, status)
    select coalesce(array_agg(workflow_id), '{}'), coalesce(array_agg(name), '{}'), coalesce(array_agg(status <> 'completed'), '{}') into from_workflows, froms, bads
    from untold;
    select coalesce(array_agg(workflow_id order by workflow_id, place), '{}'), coalesce(array_agg(name order by workflow_id, place), '{}') into seed_workflows, seeds
    from workflow_node where workflow_id = any(workflows) and status = 'waiting' and needs_left = 0;
    perform workflow_tell(from_workflows, froms, bads, seed_workflows, seeds);
end
$$;

-- A workflow that is paused releases nothing, and its operations rest too: those that run, from their next checkpoint on.
create function workflow_hold(workflows uuid[]) returns void
    language plpgsql set search_path = public, pg_temp set enable_nestloop = on as $$
begin
    -- Once more as long as there are any: an end that this waited for may have submitted others meanwhile. Who is at rest already is locked too, lest it ends unseen.
    loop
        perform from operation where parent_id = any(workflows) and node is not null and status in ('pending', 'waiting', 'running') order by id for update;
        update operation set
            paused = true, parked = status <> 'running', version = version + 1, history_seq = history_seq + 1, updated_at = now(),
            changed_by = 'its workflow', changed_via = 'workflow', reason = 'its workflow is paused'
        where parent_id = any(workflows) and node is not null and status in ('pending', 'waiting', 'running') and cancel_requested_at is null and not paused;
        exit when not found;
    end loop;
end
$$;

-- What rests since then goes on, but for what somebody paused by itself; and the graph goes on where it was.
create function workflow_resume(workflows uuid[]) returns void
    language plpgsql security definer set search_path = public, pg_temp set enable_nestloop = on set jit = off as $$
begin
    with resting as (
        select id from operation o where parent_id = any(workflows) and node is not null and paused
            and (select h.reason from operation_history h where h.operation_id = o.id and h.event = 'paused' order by h.seq desc limit 1) = 'its workflow is paused'
        order by id for update)
    update operation o set
        paused = false, parked = o.status = 'waiting' or o.status = 'pending' and o.run_at > now(),
        version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
        changed_by = 'its workflow', changed_via = 'workflow', reason = 'its workflow goes on'
    from resting where o.id = resting.id;
    perform from workflow where id = any(workflows) order by id for update;
    perform workflow_feed(workflow_id, name) from workflow_node where workflow_id = any(workflows) and status = 'running' and released < total;
    perform workflow_begin(workflows);
end
$$;

-- A workflow that is run again does again what did not complete, and goes on from there: its failed operations get their next attempt, and what was skipped waits again.
create function workflow_revive(workflows uuid[]) returns void
    language plpgsql security definer set search_path = public, pg_temp set enable_nestloop = on set jit = off as $$
begin
    perform from workflow where id = any(workflows) order by id for update;
    with open as (
        select workflow_id, name from workflow_node where workflow_id = any(workflows) and status <> 'completed')
    update workflow_node n set
        needs_left = (select count(*) from workflow_edge e join open f on f.workflow_id = e.workflow_id and f.name = e.from_name
                      where e.workflow_id = n.workflow_id and e.to_name = n.name),
        needs_bad = 0, told = false, settled_at = null, error = null,
        status = case when n.total is null then 'waiting' else 'running' end
    from open where n.workflow_id = open.workflow_id and n.name = open.name;
    update workflow_node set told = true where workflow_id = any(workflows) and status = 'completed' and not told;   -- they are not counted above
    with again as (
        select id from operation where parent_id = any(workflows) and node is not null and status in ('failed', 'cancelled') order by id for update)
    update operation o set
        status = 'pending', parked = false, run_at = now(), finished_at = null, cancel_requested_at = null, failures = 0, losses = 0, resume = false, start_by = null,
        deadline = case when o.deadline > now() then o.deadline end,
        version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(), changed_by = 'its workflow', changed_via = 'workflow',
        reason = 'its workflow is run again'
    from again where o.id = again.id;
    perform workflow_feed(workflow_id, name) from workflow_node where workflow_id = any(workflows) and status = 'running' and released < total;
    perform workflow_begin(workflows);
end
$$;

-- The joins of two batches need a hash join, as in operation_updated.
create function workflow_moves() returns trigger
    language plpgsql security definer set search_path = public, pg_temp set enable_hashjoin = on set enable_nestloop = off as $$
declare
    workflows uuid[];
    names     text[];
    overs     integer[];
    bads      integer[];
    cancels   integer[];
    held      uuid[];
    resumed   uuid[];
    revived   uuid[];
    begun     uuid[];
begin
    if exists (select from new_rows where node is not null) then
        select array_agg(workflow), array_agg(node), array_agg(over), array_agg(bad), array_agg(cancelled) into workflows, names, overs, bads, cancels
        from (select n.parent_id as workflow, n.node, sum(case when n.finished_at is not null then 1 else -1 end)::integer as over,
                     sum(case when n.status in ('failed', 'cancelled') then 1 when o.status in ('failed', 'cancelled') then -1 else 0 end)::integer as bad,
                     sum(case when n.status = 'cancelled' then 1 when o.status = 'cancelled' then -1 else 0 end)::integer as cancelled
              from new_rows n join old_rows o using (id)
              where n.node is not null and (n.finished_at is null) <> (o.finished_at is null)
              group by n.parent_id, n.node) as ends;
        if workflows is not null then
            perform workflow_advance(workflows, names, overs, bads, cancels);
            -- Its own node hears of an end without being told, and sums up the progress.
            perform pg_notify('operation_child_over', parent_id::text) from new_rows
            where node is not null and finished_at is not null and changed_via <> 'engine' group by parent_id;
        end if;
    end if;
    if exists (select from new_rows where type = 'workflow') then
        select array_agg(n.id) filter (where n.paused and not o.paused),
               array_agg(n.id) filter (where o.paused and not n.paused and n.finished_at is null and n.cancel_requested_at is null),
               array_agg(n.id) filter (where o.finished_at is not null and n.finished_at is null),
               array_agg(n.id) filter (where o.status = 'running' and n.waits_for = 'operations' and not n.paused)
        into held, resumed, revived, begun
        from new_rows n join old_rows o using (id)
        where n.type = 'workflow' and (n.paused <> o.paused or o.finished_at is not null and n.finished_at is null or o.status = 'running' and n.waits_for = 'operations');
        -- Its graph is laid out, and it begins to wait for it; one that is paused, when it goes on. All of one turn of a node begin together: each by itself took 2 ms.
        if begun is not null then
            perform workflow_begin(begun);
        end if;
        if held is not null then
            perform workflow_hold(held);
        end if;
        if resumed is not null then
            perform workflow_resume(resumed);
        end if;
        if revived is not null then
            perform workflow_revive(revived);
        end if;
    end if;
    return null;
end
$$;
-- After operation_updated, by the order of names: what follows an end is written after the end.
create trigger workflow_moves after update on operation
    referencing old table as old_rows new table as new_rows for each statement execute function workflow_moves();

-- Graphs whose operations are gone with their day's partition, so many at a time. Returns how many there were.
create function forget_workflows(most integer) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone uuid[];
begin
    gone := array(select id from workflow where id < (select id from operation order by id limit 1) order by id limit most for update skip locked);
    delete from workflow_edge where workflow_id = any(gone);
    delete from workflow_node where workflow_id = any(gone);
    delete from workflow where id = any(gone);
    return cardinality(gone);
end
$$;

-- ── who may read and write ──────────────────────────────────────────────────────────────────────────────────────────

create view audit.workflow_timeline as
select n.workflow_id, w.name as workflow, n.place, n.name as node, n.status as node_status, n.run_when,
       array(select e.from_name from workflow_edge e where e.workflow_id = n.workflow_id and e.to_name = n.name order by 1) as needs,
       n.total, n.over, n.bad, n.settled_at, o.item, o.id as operation_id, o.type, o.status, o.attempt,
       o.created_at as released_at, o.started_at, o.finished_at, o.started_at - o.created_at as waited, o.finished_at - o.started_at as ran,
       coalesce(o.error, n.error) ->> 'message' as error
from workflow_node n join workflow w on w.id = n.workflow_id left join operation o on o.parent_id = n.workflow_id and o.node = n.name;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert on workflow, workflow_node, workflow_edge to longhaul_service;
        grant execute on function forget_workflows(integer) to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.workflow_timeline to longhaul_reader;
    end if;
    revoke execute on function workflow_resume(uuid[]), workflow_revive(uuid[]), forget_workflows(integer),
        workflow_advance(uuid[], text[], integer[], integer[], integer[]) from public;
end
$$;
