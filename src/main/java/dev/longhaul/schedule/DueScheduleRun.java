package dev.longhaul.schedule;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.ScheduledRunStore;
import dev.longhaul.store.ScheduledRunStore.Active;
import dev.longhaul.store.ScheduledRunStore.Decision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// One transaction of the clock: takes the schedules that are due, decides their moments, starts what is to be started,
/// and moves them on.
@Component
class DueScheduleRun {

    private static final Logger log = LoggerFactory.getLogger(DueScheduleRun.class);

    private final JdbcClient jdbc;
    private final ScheduleTable table;
    private final ScheduledRunStore fires;
    private final OperationStore operations;
    private final TransactionTemplate transaction;
    private final ScheduleSettings settings;

    DueScheduleRun(JdbcClient jdbc, ScheduleTable table, ScheduledRunStore fires, OperationStore operations,
            TransactionTemplate transaction, ScheduleSettings settings) {
        this.jdbc = jdbc;
        this.table = table;
        this.fires = fires;
        this.operations = operations;
        this.transaction = transaction;
        this.settings = settings;
    }

    private static final String DUE = """
            select *, extract(epoch from every) as every_seconds, extract(epoch from jitter) as jitter_seconds,
                   extract(epoch from timeout) as timeout_seconds, now() as read_at
            from schedule where next_run_at <= now() order by next_run_at limit :limit for update skip locked
            """;

    /// @return how many schedules were due; as many as a batch takes means that there may be more
    int go(String node) {
        return transaction.execute(_ -> {
            var broken = new HashMap<UUID, String>();
            var due = jdbc.sql(DUE).param("limit", settings.batch()).query((row, _) -> readable(row, broken)).list();
            if (due.isEmpty()) {
                return 0;
            }
            broken.forEach(this::stop);
            var ready = due.stream().filter(schedule -> schedule != null).toList();
            var decisions = new ArrayList<Decision>();
            var nexts = new ArrayList<Next>();
            var active = active(ready);
            for (var schedule : ready) {
                if (schedule.reckoned()) {
                    var plan = new RunTimes(schedule, settings.grace()).plan();
                    var decided = new RunDecider(schedule, active.getOrDefault(schedule.id(), List.of())).decide(plan);
                    decided.toCancel().forEach(old -> cancel(old, schedule, node));
                    decisions.addAll(decided.decisions());
                    nexts.add(new Next(schedule.id(), plan.next(), plan.last()));
                } else {
                    nexts.add(new Next(schedule.id(), schedule.terms().timing().next(schedule.changedAt()).orElse(null),
                            schedule.lastFire()));
                }
            }
            if (!decisions.isEmpty()) {
                fires.fire(decisions, "time", node, "schedule");
            }
            move(nexts);
            return due.size();
        });
    }

    /// What somebody mistyped in psql must not stop the others.
    private @Nullable Schedule readable(ResultSet row, Map<UUID, String> broken) throws SQLException {
        try {
            return table.schedule(row);
        } catch (IllegalArgumentException mistyped) {
            broken.put(row.getObject("id", UUID.class), mistyped.getMessage());
            return null;
        }
    }

    private static final String STOP = """
            update schedule set paused = true, next_run_at = null, changed_by = 'the clock', source = 'schedule',
                reason = :reason where id = :id
            """;

    private void stop(UUID id, String why) {
        log.warn("schedule {} cannot be understood and is paused: {}", id, why);
        jdbc.sql(STOP).param("id", id).param("reason", why).update();
    }

    private Map<UUID, List<Active>> active(List<Schedule> schedules) {
        var asking = schedules.stream().filter(schedule -> schedule.terms().overlap() != OverlapPolicy.ALLOW)
                .map(Schedule::id).toList();
        var active = new HashMap<UUID, List<Active>>();
        if (!asking.isEmpty()) {
            fires.active(asking)
                    .forEach(one -> active.computeIfAbsent(one.schedule(), _ -> new ArrayList<>()).add(one));
        }
        return active;
    }

    private void cancel(UUID operation, Schedule schedule, String node) {
        operations.cancel(new OperationId(operation), "schedule " + schedule.terms().name() + " is due again",
                new Caller(node, "schedule"));
    }

    private record Next(UUID schedule, @Nullable Instant next, @Nullable Instant last) {}

    private static final String MOVE = """
            update schedule s set next_run_at = n.next, last_run_at = coalesce(n.last, s.last_run_at),
                next_run_computed = true
            from unnest(:ids::uuid[], :nexts::timestamptz[], :lasts::timestamptz[]) as n (id, next, last)
            where s.id = n.id
            """;

    private void move(List<Next> nexts) {
        jdbc.sql(MOVE).param("ids", nexts.stream().map(next -> next.schedule().toString()).toArray(String[]::new))
                .param("nexts", nexts.stream().map(next -> next.next() == null ? null : next.next().toString())
                        .toArray(String[]::new))
                .param("lasts", nexts.stream().map(next -> next.last() == null ? null : next.last().toString())
                        .toArray(String[]::new)).update();
    }

    private static final String SLEEP = """
            select extract(epoch from min(next_run_at) - now()) * 1000 from schedule where next_run_at is not null
            """;

    /// How many milliseconds until the earliest moment of all schedules; at most `longest`.
    long untilNext(long longest) {
        return jdbc.sql(SLEEP).query((row, _) -> row.getBigDecimal(1)).optional()
                .map(millis -> Math.clamp(Math.ceilDiv(millis.movePointRight(3).longValue(), 1000L), 0L, longest))
                        .orElse(longest);
    }
}
