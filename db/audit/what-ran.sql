-- What ran yesterday, and how did it end?
--
-- One row per operation that was being run at some time of the day, whenever it was submitted: when it first and last
-- ran that day, for how long in all, what it is now, and why. A status of pending, running or waiting: it has not
-- ended yet.
-- Another day: psql -v day=2026-01-31 -f db/audit/what-ran.sql. Days are those of the session's time zone (PGTZ=UTC
-- psql …).
\if :{?day}
\else
\set day 'yesterday'
\endif

with stay as (   -- from each entry of the history to the next
    select operation_id, to_status as status, at as began, coalesce(lead(at) over (partition by operation_id
        order by seq), now()) as ended
    from audit.operation_history),
run as (
    select operation_id, greatest(began, :'day'::date::timestamptz) as began,
        least(ended, (:'day'::date + 1)::timestamptz) as ended
    from stay
    where status = 'running' and began < (:'day'::date + 1)::timestamptz and ended >= :'day'::date::timestamptz)
select o.id, o.type, min(run.began) as ran_from, max(run.ended) as ran_until, sum(run.ended - run.began) as ran_for,
       o.status, o.finished_at, o.attempt, coalesce(o.error ->> 'message', o.reason) as why
from run join audit.operation o on o.id = run.operation_id
group by o.id, o.type, o.status, o.finished_at, o.attempt, o.error, o.reason
order by ran_from, o.id;
