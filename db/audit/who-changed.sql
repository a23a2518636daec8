-- Who changed operation X, when, and through which source?
--
-- One row per entry of its history, oldest first. changed_by is the principal. recorded_by is the database role of
-- its session, which nobody can set; source is engine (a node), mcp, rest, …, or sql for a hand edit; then changed_by
-- is the database's own name of that person, whatever else the statement claimed. An event of progress is a sample of
-- what its task reported; reports in between are not kept.
-- Which operation: psql -v operation=<id> -f db/audit/who-changed.sql; without it, the one that was submitted last.
\if :{?operation}
\else
\set operation ''
\endif

select operation_id, seq, at, changed_by, recorded_by, source, event, from_status, to_status, attempt, progress, reason,
       error ->> 'message' as error
from audit.operation_history
where operation_id = coalesce(nullif(:'operation', '')::uuid, (select id from audit.operation order by id desc limit 1))
order by seq;
