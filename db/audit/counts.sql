-- How many operations are there, and in which status?
--
-- One row per type and queue, from the counters that every change keeps: the answer takes as long with ten million
-- operations as with ten.
select type, queue, coalesce(sum(number) filter (where status = 'pending'), 0) as pending,
    coalesce(sum(number) filter (where status = 'running'), 0) as running,
       coalesce(sum(number) filter (where status = 'waiting'), 0) as waiting,
           coalesce(sum(number) filter (where status = 'completed'), 0) as completed,
       coalesce(sum(number) filter (where status = 'failed'), 0) as failed,
           coalesce(sum(number) filter (where status = 'cancelled'), 0) as cancelled
from audit.operation_count
group by type, queue
order by type, queue;
