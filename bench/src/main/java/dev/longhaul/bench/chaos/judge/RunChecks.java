package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry.Told;
import dev.longhaul.bench.chaos.judge.Check.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// What runs may write, and when.
final class RunChecks {

    static final String FENCING = "a run writes nothing after the next one has begun";
    static final String CLAIMS = "a run begins once, when no other is under way";
    static final String STEPS = "each step is stored once, by an attempt that had not been replaced";
    static final String ALL_STEPS = "a completed simulation has each of its steps";
    static final String PROGRESS = "progress is 0 to 100, does not fall within an attempt, and is 100 at the end";
    static final String LIMIT = "no concurrency key has more runs at once than its limit";

    private static final String RUNS =
            "select count(*) from operation_history where event = 'status' and to_status = 'running'";

    static final List<Check> ALL = List.of(
            Check.sql(FENCING, RUNS, """
                    select 'operation ' || operation_id || ', entry ' || seq || ': run ' || run_id
                           || ' wrote it after a later run had begun'
                    from (select operation_id, seq, run_id, first,
                                 max(first) over (partition by operation_id order by seq) as newest
                          from (select operation_id, seq, run_id,
                                       min(seq) over (partition by operation_id, run_id) as first
                                from operation_history where run_id is not null) as begun) as entry
                    where newest > first
                    """),
            Check.sql(CLAIMS, RUNS, """
                    select 'operation ' || operation_id || ', entry ' || seq || ': a run began, and it was '
                           || from_status
                    from operation_history
                    where event = 'status' and to_status = 'running' and from_status <> 'pending'
                    """, """
                    select 'run ' || run_id || ' began ' || count(*) || ' times, in ' || count(distinct operation_id)
                           || ' operations'
                    from operation_history where event = 'status' and to_status = 'running' and from_status = 'pending'
                    group by run_id having count(*) > 1
                    """),
            Check.sql(STEPS, "select count(*) from operation_step", """
                    select 'step ' || name || ' of ' || operation_id || ' is stored ' || count(*) || ' times'
                    from operation_step group by operation_id, name having count(*) > 1
                    """, """
                    select 'step ' || s.name || ' of ' || s.operation_id || ', attempt ' || s.attempt
                           || ', was stored after attempt ' || h.attempt || ' had begun'
                    from operation_step s join operation_history h on h.operation_id = s.operation_id
                    where h.event = 'status' and h.to_status = 'running' and h.attempt > s.attempt
                      and s.finished_at > h.at
                    """),
            Check.sql(ALL_STEPS, "select count(*) from operation where type = 'simulation' and status = 'completed'",
                    """
                    select 'operation ' || o.id || ' completed with ' || s.number || ' of its '
                           || (o.input ->> 'steps') || ' steps'
                    from operation o
                    cross join lateral (select count(distinct name) as number from operation_step s
                                        where s.operation_id = o.id) as s
                    where o.type = 'simulation' and o.status = 'completed' and s.number <> (o.input ->> 'steps')::int
                    """),
            new Check(PROGRESS, RunChecks::progress),
            Check.sql(LIMIT, "select count(*) from operation where concurrency_key is not null", """
                    select 'key ' || concurrency_key || ' had ' || running || ' runs at ' || at || ', limit '
                           || concurrency_limit
                    from (select o.concurrency_key, o.concurrency_limit, h.at,
                                 sum(case when h.to_status = 'running' then 1 else -1 end)
                                     over (partition by o.concurrency_key order by h.at, h.to_status <> 'running' desc)
                                     as running
                          from operation o join operation_history h on h.operation_id = o.id
                          where o.concurrency_key is not null and h.event = 'status'
                            and (h.to_status = 'running') <> (h.from_status = 'running')) as load
                    where running > concurrency_limit
                    """));

    private RunChecks() {
    }

    private static final String OUT_OF_RANGE = """
            select 'operation ' || id || ' is ' || status || ' at ' || progress || ' percent' from operation
            where progress not between 0 and 100 or status = 'completed' and progress <> 100
            union all
            select 'operation ' || operation_id || ', entry ' || seq || ': ' || progress || ' percent'
            from operation_history where progress not between 0 and 100
            """;
    private static final String FALLS = """
            select 'operation ' || operation_id || ', entry ' || seq || ': from ' || before || ' to ' || progress
                   || ' percent within attempt ' || attempt
            from (select h.*, lag(progress) over (partition by operation_id, attempt order by seq) as before
                  from operation_history h) as entry
            where progress < before
            """;

    private static Finding progress(Evidence evidence) throws SQLException {
        var violations = new ArrayList<>(evidence.texts(OUT_OF_RANGE));
        violations.addAll(evidence.texts(FALLS));
        var newest = new HashMap<String, Told>();
        for (var told : evidence.entries(Told.class).filter(told -> told.subscriber().startsWith("operation-"))
                .toList()) {
            var before = newest.put(told.subscriber(), told);
            if (before != null && before.attempt() == told.attempt() && before.progress() > told.progress()) {
                violations.add("%s was told %s percent of %s after %s percent, both of attempt %d".formatted(
                        told.subscriber(), told.progress(), told.operation(), before.progress(), told.attempt()));
            }
        }
        return Finding.of(evidence.number("select count(*) from operation_history"), violations);
    }
}
