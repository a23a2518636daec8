-- What did people change by hand, and why?
--
-- One row per edit, newest first: who, through which source, and what was before and after. Cancels, pauses, answers
-- and erasures are here too.
-- Of the last 7 days: psql -v days=30 -f db/audit/edits.sql changes that.
\if :{?days}
\else
\set days '7'
\endif

select at, operation_id, type, event, changed_by, recorded_by, source, changes, reason, from_status, to_status
from audit.history
where at >= now() - :'days'::int * interval '1 day'
  and (event in ('edited', 'cancel_requested', 'paused', 'resumed', 'answered', 'data_erased') or event = 'status'
      and source not in ('engine', 'parent', 'workflow'))
order by at desc, operation_id, seq desc;
