package dev.longhaul.bench.chaos.judge;

import java.util.List;

/// What the run log of the schedules must say. All of them run at an interval, until they are deleted.
final class ScheduleChecks {

    static final String EVERY = "each scheduled run is decided exactly once";
    static final String OPERATIONS = "each started scheduled run has exactly one operation, and no other is there";

    private static final String RUNS = "select count(*) from scheduled_run";

    static final List<Check> ALL = List.of(
            Check.sql(EVERY, RUNS, """
                    select 'schedule ' || s.name || ' has no run of ' || due
                    from schedule s
                    cross join lateral generate_series(s.anchor + s.every, coalesce(s.deleted_at, now())
                                                       - interval '10 seconds', s.every) as due
                    where s.every is not null
                      and not exists (select from scheduled_run r where r.schedule_id = s.id and r.scheduled_at = due)
                    """, """
                    select 'schedule ' || s.name || ' has ' || count(*) || ' runs of ' || r.scheduled_at
                    from schedule s join scheduled_run r on r.schedule_id = s.id
                    group by s.name, r.scheduled_at having count(*) > 1
                    """, """
                    select 'schedule ' || s.name || ' has a run of ' || r.scheduled_at || ', which is none of its times'
                    from schedule s join scheduled_run r on r.schedule_id = s.id
                    where r.cause = 'time' and (r.decided_at < r.scheduled_at
                          or extract(epoch from r.scheduled_at - s.anchor) % extract(epoch from s.every) <> 0)
                    """),
            Check.sql(OPERATIONS, RUNS, """
                    select 'the run of ' || s.name || ' at ' || r.scheduled_at || ' is ' || r.outcome
                           || ', and its operation is not there'
                    from scheduled_run r join schedule s on s.id = r.schedule_id
                    where r.outcome in ('started', 'queued')
                      and not exists (select from operation o where o.id = r.operation_id and o.schedule_id = s.id)
                    """, """
                    select 'operation ' || o.id || ' of a schedule belongs to ' || count(r.operation_id) || ' runs'
                    from operation o left join scheduled_run r on r.operation_id = o.id
                    where o.schedule_id is not null group by o.id having count(r.operation_id) <> 1
                    """));

    private ScheduleChecks() {
    }
}
