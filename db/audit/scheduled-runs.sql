-- Why did last night's run not start?
--
-- One row per time that a schedule named, newest first: started, queued (it starts when the older run has finished),
-- skipped (the schedule was paused, or an older run had not finished), or missed (no node ran), with the reason.
-- status is that of the operation. A time without a row has not come, or came before the schedule was made; changes
-- of a schedule are in audit.schedule_history.
-- Of the last day: psql -v hours=72 -f … changes that. Of one schedule: psql -v schedule=<name> -f
-- db/audit/scheduled-runs.sql.
\if :{?schedule}
\else
\set schedule ''
\endif
\if :{?hours}
\else
\set hours '24'
\endif

select r.name, r.scheduled_at, r.outcome, r.reason, r.cause, r.late, r.decided_by, r.operation_id, o.status
from audit.scheduled_run r left join audit.operation o on o.id = r.operation_id
where (:'schedule' = '' or r.name = :'schedule') and r.decided_at > now() - :'hours'::int * interval '1 hour'
order by r.scheduled_at desc, r.name;
