-- Which operations have left, since when, and where were they written before?
--
-- One row per range of days (UTC) of submission, the newest first: how many operations left, how many stayed on
-- purpose, and the folder of the export, if there was one. held: operations of these days that somebody holds
-- (audit.retention_hold says why). Hourly counts and anchors stay.
select r.first_day, r.end_day - 1 as last_day, r.operations, r.retained, r.retired_at, r.exported_to, r.exported_at,
       (select count(*) from audit.retention_hold h
        where h.released_at is null
            and h.operation_id >= audit.operation_id_at(r.first_day::timestamp at time zone 'UTC')
          and h.operation_id < audit.operation_id_at(r.end_day::timestamp at time zone 'UTC')) as held
from audit.retired_partition r
order by r.first_day desc;
