-- Placeholders in the inputs of workflow nodes.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The value of one part of a placeholder: {"node", "of": output | error | status, "path"}, {"item": path} or {"index":
-- true}.
-- Of a node with for_each: a list, in the order of its elements.
-- Custom plans: a generic plan would lock all partitions of operation_past. Children are submitted after their
-- workflow.
create or replace function workflow_value(workflow uuid, part jsonb, item jsonb, index integer) returns jsonb
    language plpgsql stable set search_path from current set plan_cache_mode = force_custom_plan as $$
declare
    path  text[] := array(select jsonb_array_elements_text(coalesce(part -> 'path', part -> 'item')));
    node  workflow_node;
    size  bigint;
    value jsonb;
begin
    if part ? 'index' then
        return to_jsonb(index);
    elsif part ? 'item' then
        value := item #> path;
        if value is null then
            raise exception '% has no value: element % of the list has no %', part ->> 'text', index,
                array_to_string(path, '.');
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
            raise exception '% has no value: the % of % has no %', part ->> 'text', part ->> 'of', node.name,
                array_to_string(path, '.');
        end if;
        return value;
    end if;
    select sum(octet_length((case part ->> 'of' when 'output' then o.output else o.error end #> path)::text)) into size
    from operation o where o.parent_id = workflow and o.workflow_node = part ->> 'node' and o.id > workflow;
    if size > 1048576 then
        raise exception '% is % bytes, and an input may be 1048576', part ->> 'text', size;
    end if;
    select coalesce(jsonb_agg(coalesce(case part ->> 'of' when 'output' then o.output
        else o.error end #> path, 'null') order by o.fan_out_index), '[]')
    into value
    from operation o where o.parent_id = workflow and o.workflow_node = part ->> 'node' and o.id > workflow;
    return value;
end
$$;

-- A template with its placeholders filled in. A placeholder is {"at": path, "parts": […]}: one part alone keeps its
-- JSON
-- type; several, or a text among them, make a text.
create or replace function workflow_fill(workflow uuid, template jsonb, placeholders jsonb, item jsonb,
    index integer) returns jsonb
    language plpgsql stable set search_path from current as $$
declare
    filled      jsonb := template;
    placeholder jsonb;
    part        jsonb;
    value       jsonb;
    words       text;
begin
    for placeholder in select p from jsonb_array_elements(placeholders) as p loop
        if jsonb_array_length(placeholder -> 'parts') = 1 then
            value := workflow_value(workflow, placeholder #> '{parts,0}', item, index);
        else
            words := '';
            for part in select p from jsonb_array_elements(placeholder -> 'parts') as p loop
                value := case jsonb_typeof(part) when 'string' then part
                    else workflow_value(workflow, part, item, index) end;
                words := words || coalesce(value #>> '{}', '');
            end loop;
            value := to_jsonb(words);
        end if;
        filled := case when placeholder -> 'at' = '[]' then value
                       else jsonb_set(filled, array(select jsonb_array_elements_text(placeholder -> 'at')), value) end;
    end loop;
    if octet_length(filled::text) > 1048576 then
        raise exception 'with its placeholders filled in it is % bytes, and an input may be 1048576',
            octet_length(filled::text);
    end if;
    return filled;
end
$$;

create or replace function placeholder_uses_item(placeholder jsonb) returns boolean language sql immutable
return exists (select from jsonb_array_elements(placeholder -> 'parts') as part where part ? 'item' or part ? 'index');
