-- Safe online: yes. Triggers that refuse what no service does.
--
-- Seals and questions were kept by triggers of their root, which do not fire for a partition that is addressed by its own name; and an anchor could be changed, though not deleted. Whoever is the owner now meets a trigger there, too.

create trigger anchors_are_only_signed before update on history_anchor for each row
    when (old.signature is not null or (old.number, old.day, old.txid, old.operations, old.entries, old.head, old.previous, old.hash)
                                       is distinct from (new.number, new.day, new.txid, new.operations, new.entries, new.head, new.previous, new.hash))
    execute function refuse_change('an anchor is evidence, and is signed once');

do $$
declare
    was  constant text := pg_get_functiondef('tune_partition(text, text)'::regprocedure);
    kept constant text := replace(was, 'elsif root = ''operation'' then', $new$elsif root = 'operation_seal' then
        execute format('create trigger through_the_root_only before insert or update or delete or truncate on %I for each statement execute function refuse_change(%L)', part, 'a seal is evidence');
    elsif root = 'operation_question' then
        execute format('create trigger questions_are_kept before insert or delete or truncate on %I for each statement execute function refuse_change(%L)', part, 'questions are kept with their operation');
    elsif root = 'operation' then$new$);
    part text;
begin
    if kept = was then
        raise exception 'tune_partition is not as V1 made it';
    end if;
    execute kept;
    for part in select inhrelid::regclass::text from pg_inherits where inhparent = 'operation_seal'::regclass loop
        execute format('create trigger through_the_root_only before insert or update or delete or truncate on %s for each statement execute function refuse_change(%L)', part, 'a seal is evidence');
    end loop;
    for part in select inhrelid::regclass::text from pg_inherits where inhparent = 'operation_question'::regclass loop
        execute format('create trigger questions_are_kept before insert or delete or truncate on %s for each statement execute function refuse_change(%L)', part, 'questions are kept with their operation');
    end loop;
end
$$;
