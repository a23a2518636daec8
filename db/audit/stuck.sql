-- Which operations should have moved, and did not?
--
-- One row per operation and reason, the longest first. No rows is the usual answer.
select id, type, queue, status, since, lasts, why, worker, progress, message
from audit.stuck
order by lasts desc, id;
