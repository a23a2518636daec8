-- Which operations take longer than is usual for their type?
--
-- One row per operation of the last 7 days that took, or is taking, longer than 95 of 100 of its type, the worst
-- first.
select id, type, status, took, typical, times_typical, attempt, progress, message
from audit.slow_operations
order by times_typical desc nulls last, id;
