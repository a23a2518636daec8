-- Which days of operations are gone, since when, and where were they written before?
--
-- One row per day (UTC) whose operations left as retention says, the newest first: how many left, how many stayed longer, and the folder of the export, if there was
-- one. held: how many of that day's operations somebody holds (audit.hold says who, and why). The numbers by the hour and the anchors of such a day stay.
select r.day, r.operations, r.kept, r.retired_at, r.exported_to, r.exported_at,
       (select count(*) from audit.hold h where h.released_at is null and h.operation_id >= operation_id_at(r.day::timestamp at time zone 'UTC')
                                            and h.operation_id < operation_id_at((r.day + 1)::timestamp at time zone 'UTC')) as held
from audit.retired_day r
order by r.day desc;
