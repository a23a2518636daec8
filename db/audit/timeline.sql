-- Where did the time of an operation go?
--
-- One row per stay in a status, in order, ready for a Gantt chart; its children follow, each with its own. ended is
-- empty for what still is.
-- Which operation: psql -v operation=<id> -f db/audit/timeline.sql; without it, the one that was submitted last.
\if :{?operation}
\else
\set operation ''
\endif

with shown as (select coalesce(nullif(:'operation', '')::uuid,
    (select id from audit.operation order by id desc limit 1)) as id)
select t.operation_id, t.type, t.status, t.attempt, t.worker, t.began, t.ended, t.lasted
from audit.timeline t
where t.operation_id = (select id from shown) or t.operation_id in (select o.id from audit.operation o
    where o.parent_id = (select id from shown))
order by t.operation_id, t.began;
