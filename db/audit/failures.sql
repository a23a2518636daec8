-- Why do operations fail?
--
-- One row per type of operation, type of error and shape of its message (ids, numbers and quoted names in it are
-- replaced, so that the same failure counts as one): how many attempts failed so, of how many operations, how many
-- operations it ended, when it was first and last seen, and the newest operation to look at
-- (db/audit/who-changed.sql). More attempts than ended: retries mend it. worker_lost: its worker died too often while
-- running it. by hand: somebody set the status, and the shape is the reason given.
-- Of the last 7 days: psql -v days=30 -f db/audit/failures.sql changes that.
\if :{?days}
\else
\set days '7'
\endif

with failure as (
    select operation_id, type, at, led_to, coalesce(error_type, 'by hand') as error_type,
        coalesce(message, '(none given)') as message
    from audit.failures
    where at >= now() - :'days'::int * interval '1 day')
select f.type, f.error_type,
       left(regexp_replace(regexp_replace(regexp_replace(f.message,
           '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<id>', 'gi'), '"[^"]*"|''[^'']*''', '<name>', 'g'),
               '\d+([.,]\d+)*', '<n>', 'g'), 200) as shape,
       count(*) as attempts, count(distinct f.operation_id) as operations, count(*)
           filter (where f.led_to = 'failed') as ended,
       min(f.at) as first_seen, max(f.at) as last_seen, (array_agg(f.operation_id order by f.at desc))[1] as newest
from failure f
group by 1, 2, 3
order by attempts desc, 1, 2, 3;
