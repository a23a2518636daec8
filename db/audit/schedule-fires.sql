-- Why did last night's run not start?
--
-- One row per moment that a schedule named, newest first: started, queued (it starts when the older one is over), skipped (it was paused, or an older one
-- was not over), or missed (no node was at work), with the reason. status is what became of the operation. A moment without a row has not come, or came
-- before the schedule was made; what people changed of a schedule is in audit.schedule_history.
-- Of the last day: psql -v hours=72 -f … changes that. Of one schedule: psql -v schedule=<name> -f db/audit/schedule-fires.sql.
\if :{?schedule}
\else
\set schedule ''
\endif
\if :{?hours}
\else
\set hours '24'
\endif

select f.name, f.fire_at, f.outcome, f.reason, f.cause, f.late, f.decided_by, f.operation_id, o.status
from audit.schedule_fires f left join audit.operation o on o.id = f.operation_id
where (:'schedule' = '' or f.name = :'schedule') and f.decided_at > now() - :'hours'::int * interval '1 hour'
order by f.fire_at desc, f.name;
