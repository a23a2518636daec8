-- How long do operations wait, run and sleep?
--
-- One row per type and status: how many times an operation of the type was in it, and for how long: in all, half of
-- the times at most (p50), 19 times of 20 at most (p95), and the longest. Long in pending: too few slots, or long
-- pauses between attempts. Long in running: the work itself. What is still in a status counts until now.
-- Of the operations submitted in the last 7 days: psql -v days=30 -f … changes that. Of one operation, whenever it
-- was submitted: psql -v operation=<id> -f db/audit/time-in-status.sql.
\if :{?operation}
\else
\set operation ''
\endif
\if :{?days}
\else
\set days '7'
\endif

with entry as (
    select operation_id, seq, at, to_status as status, lag(to_status) over (partition by operation_id
        order by seq) as status_before
    from audit.operation_history
    where case when :'operation' = ''
        then operation_id >= audit.operation_id_at(now() - :'days'::int * interval '1 day')
               else operation_id = nullif(:'operation', '')::uuid end),
stay as (   -- an edit and a sample of progress are entries too, and begin no stay
    select operation_id, status, coalesce(lead(at) over (partition by operation_id order by seq), now()) - at as lasted
    from entry
    where status is distinct from status_before)
select o.type, s.status, count(*) as times, count(distinct s.operation_id) as operations, sum(s.lasted) as in_all,
       percentile_cont(0.5) within group (order by s.lasted) as p50,
           percentile_cont(0.95) within group (order by s.lasted) as p95,
       max(s.lasted) as longest
from stay s join audit.operation o on o.id = s.operation_id
where s.status in ('pending', 'running', 'waiting')
group by o.type, s.status
order by o.type, array_position(array['pending', 'running', 'waiting'], s.status);
