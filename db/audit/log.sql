-- What did the tasks of an operation say while they ran?
--
-- One row per line, in order, over all attempts. A text to look for, in small or capital letters: psql -v
-- operation=<id> -v text=timeout -f db/audit/log.sql.
-- Without an operation: the one whose log was written last, of those submitted in the last 7 days.
\if :{?operation}
\else
\set operation ''
\endif
\if :{?text}
\else
\set text ''
\endif

select operation_id, line, at, attempt, level, message
from audit.operation_log
where operation_id = coalesce(nullif(:'operation', '')::uuid,
          (select operation_id from audit.operation_log
              where operation_id >= audit.operation_id_at(now() - interval '7 days') order by at desc limit 1))
  and position(lower(:'text') in lower(message)) > 0
order by line;
