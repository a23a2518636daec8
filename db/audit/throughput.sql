-- How much was done, hour by hour?
--
-- One row per hour of the last day, all types and queues together. requeued: attempts that failed or whose worker
-- lease expired, to be retried.
-- Of other days: psql -v days=7 -f …; of one type: psql -v type=csv_import -f db/audit/throughput.sql.
\if :{?days}
\else
\set days '1'
\endif
\if :{?type}
\else
\set type ''
\endif

select hour, sum(submitted) as submitted, sum(started) as started, sum(completed) as completed,
    sum(failed) as failed, sum(cancelled) as cancelled,
       sum(requeued) as requeued
from audit.throughput_hourly
where hour >= now() - :'days'::int * interval '1 day' and (:'type' = '' or type = :'type')
group by hour
order by hour;
