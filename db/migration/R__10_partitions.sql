-- Partitions by ranges of ids, that is by days of submission (UTC): of operation_past, and of the tables that belong to
-- operations. One range has one partition in each. operation_live has none.
--
-- At most about 60 ranges, whatever is kept: days while operations are kept for 45 days at most, weeks up to a year,
-- quarters beyond and for ever. The caller decides the width; a new one holds for new partitions only. A look-up by id
-- opens one partition, and `id >= operation_id_at(…)` opens those of that time.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- In the order in which they are locked.
create or replace function partitioned_tables() returns text[] language sql immutable
return '{operation_past,operation_history,operation_step,operation_log,input_request,chain_digest}'::text[];

-- The column with the id.
create or replace function id_column(root text) returns text language sql immutable
return case root when 'operation_past' then 'id' else 'operation_id' end;

create or replace function add_trigger(part text, name text, events text, reason text) returns void
    language plpgsql set search_path from current as $$
begin
    execute format('create or replace trigger %I before %s on %I for each statement execute function refuse_change(%L)',
                   name, events, part, reason);
end
$$;

-- Sets up a partition: rows that are only added are frozen by their first vacuum, and never read again for it.
-- Statement triggers of the root do not fire for a partition that is addressed by its own name, hence its own.
create or replace function prepare_partition(root text, part text) returns void
    language plpgsql set search_path from current as $$
begin
    if root in ('operation_past', 'operation_history', 'operation_log', 'operation_step') then
        execute format('alter table %I set (autovacuum_freeze_min_age = 0, autovacuum_vacuum_insert_scale_factor = 0.1)',
                       part);
    end if;
    case root
        when 'operation_past', 'operation_live' then
            perform add_trigger(part, 'through_the_root_only', 'insert or update or delete or truncate',
                                'write to the table operation, whose triggers guard and record');
        when 'operation_history' then
            perform add_trigger(part, 'through_the_root_only', 'insert', 'the triggers of table operation write it');
            perform add_trigger(part, 'history_is_append_only', 'update or delete or truncate',
                'history is append-only');
        when 'operation_log' then
            perform add_trigger(part, 'log_is_append_only', 'update or delete or truncate',
                'logged lines are not rewritten');
        when 'input_request' then
            perform add_trigger(part, 'input_requests_are_kept', 'insert or delete or truncate',
                'input requests are kept with their operation');
        when 'chain_digest' then
            perform add_trigger(part, 'through_the_root_only', 'insert or update or delete or truncate',
                'a chain digest is evidence');
        else null;
    end case;
end
$$;

-- Adds one range: its partition in each of the tables.
create or replace function add_partition(first_day date, end_day date) returns void
    language plpgsql security definer set search_path from current as $$
declare
    root text;
    part text;
begin
    foreach root in array partitioned_tables() loop
        part := root || to_char(first_day, '_YYYY_MM_DD');
        execute format('create table %I partition of %I for values from (%L) to (%L)', part, root,
                       operation_id_at(first_day::timestamp at time zone 'UTC'),
                       operation_id_at(end_day::timestamp at time zone 'UTC'));
        perform prepare_partition(root, part);
    end loop;
    insert into operation_partition (first_day, end_day) values (add_partition.first_day, add_partition.end_day);
end
$$;

-- Creates the partitions of now and the given number of days ahead; existing ones stay. Returns how many it added.
-- width: day, week or quarter. A range starts where the newest one ends, so a range after another width may be shorter.
-- Days that have rows in a default partition already stay there: the range starts after them.
create or replace function create_partitions(width text, days_ahead integer) returns integer
    language plpgsql security definer set search_path from current as $$
declare
    today     constant date := (now() at time zone 'UTC')::date;
    first_day date;
    end_day   date;
    added     integer := 0;
begin
    if width not in ('day', 'week', 'quarter') or days_ahead not between 0 and 400 then
        raise exception 'width must be day, week or quarter, and days_ahead between 0 and 400, not % and %',
            width, days_ahead;
    end if;
    perform pg_advisory_xact_lock(7241003, 1);
    first_day := greatest((select max(p.end_day) from operation_partition p),
                          date_trunc(width, today::timestamp)::date);
    while first_day <= today + days_ahead loop
        end_day := date_trunc(width, first_day::timestamp)
                   + case width when 'day' then interval '1 day' when 'week' then interval '7 days'
                                else interval '3 months' end;
        begin
            perform add_partition(first_day, end_day);
            added := added + 1;
            first_day := end_day;
        exception when check_violation then
            raise warning 'operations of % stay in the default partitions, which have some of that range', first_day;
            first_day := greatest(first_day + 1, today);
        end;
    end loop;
    return added;
end
$$;

do $$
declare
    root text;
begin
    perform prepare_partition('operation_live', 'operation_live');
    foreach root in array partitioned_tables() loop
        perform prepare_partition(root, root || '_default');
    end loop;
    if not exists (select from operation_partition) then
        perform create_partitions('day', 3);   -- short ones, until the service knows how long operations are kept
    end if;
end
$$;

create or replace trigger history_is_append_only before delete or truncate on operation_history
    for each statement execute function refuse_change('history is append-only');
create or replace trigger history_is_written_by_trigger before insert on operation_history
    for each statement when (pg_trigger_depth() = 0)
        execute function refuse_change('the triggers of table operation write it');
create or replace trigger log_is_append_only before delete or truncate on operation_log
    for each statement execute function refuse_change('logged lines are not rewritten');
create or replace trigger chain_digests_are_kept before delete or truncate on chain_digest
    for each statement execute function refuse_change('a chain digest is evidence');
