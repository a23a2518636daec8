-- Safe online: yes. A new table; no old service reads or writes it.
--
-- What the tasks of operations logged while they ran, in lines of their own: bounded per operation (longhaul.audit.log-lines), numbered over all
-- attempts, and written with a node's other news in one statement. It leaves with its operation's day.
create table operation_log (
    operation_id uuid        not null,
    line         integer     not null,                 -- 1, 2, 3 … over all attempts; numbers beyond the limit have no row
    at           timestamptz not null,
    attempt      integer     not null,
    level        text        not null,
    message      text        not null,
    primary key (operation_id, line),
    constraint level_known check (level in ('debug', 'info', 'warn', 'error'))
) partition by range (operation_id);
comment on table operation_log is 'What the tasks of operations logged while they ran: context.log(…). Bounded per operation, and only ever added to.';

create table operation_log_default partition of operation_log default;
do $$
begin
    perform tune_partition('operation_log', 'operation_log_default');
    perform ensure_partitions(3);
end
$$;

create trigger log_is_append_only before update or delete or truncate on operation_log
    for each statement execute function refuse_change('what was logged is kept as it was');

create view audit.operation_log as
select operation_id, line, at, attempt, level, message
from operation_log;
comment on view audit.operation_log is 'What the tasks of operations logged while they ran.';

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert on operation_log to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.operation_log to longhaul_reader;
    end if;
end
$$;
