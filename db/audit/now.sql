-- What is going on now, and who asked for it?
--
-- One row per operation that is not over, the longest waiting or running first. Of one queue: psql -v queue=emails -f
-- db/audit/now.sql.
\if :{?queue}
\else
\set queue ''
\endif

select id, type, queue, status, submitted_by, submitted_from, waited_for, took, attempt, progress, message, error
from audit.operations
where status in ('pending', 'running', 'waiting') and (:'queue' = '' or queue = :'queue')
order by coalesce(took, waited_for) desc, id;
