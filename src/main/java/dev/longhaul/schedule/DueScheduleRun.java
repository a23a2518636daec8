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

/// One transaction: locks the due schedules, decides their runs, starts operations, writes the run log and computes the
/// next run.
@Component
class DueScheduleRun {

    private static final Logger log = LoggerFactory.getLogger(DueScheduleRun.class);

    private final JdbcClient jdbc;
    private final ScheduleTable table;
    private final ScheduledRunStore runs;
    private final OperationStore operations;
    private final TransactionTemplate transaction;
    private final ScheduleSettings settings;

    DueScheduleRun(JdbcClient jdbc, ScheduleTable table, ScheduledRunStore runs, OperationStore operations,
            TransactionTemplate transaction, ScheduleSettings settings) {
        this.jdbc = jdbc;
        this.table = table;
        this.runs = runs;
        this.operations = operations;
        this.transaction = transaction;
        this.settings = settings;
    }

    private static final String DUE = "select " + ScheduleTable.COLUMNS + """
            from schedule where next_run_at <= now() order by next_run_at limit :limit for update skip locked
            """;

    /// @return number of due schedules; a full batch means that there may be more
    int run(String node) {
        return transaction.execute(_ -> {
            var broken = new HashMap<UUID, String>();
            var due = jdbc.sql(DUE).param("limit", settings.batch()).query((row, _) -> readable(row, broken)).list();
            if (due.isEmpty()) {
                return 0;
            }
            broken.forEach(this::pauseUnreadable);
            var ready = due.stream().filter(schedule -> schedule != null).toList();
            var decisions = new ArrayList<Decision>();
            var nexts = new ArrayList<Next>();
            var active = active(ready);
            for (var schedule : ready) {
                if (schedule.nextRunComputed()) {
                    var plan = new RunTimes(schedule, settings.misfireThreshold()).plan();
                    var decided = new RunDecider(schedule, active.getOrDefault(schedule.id(), List.of())).decide(plan);
                    decided.toCancel().forEach(old -> cancel(old, schedule, node));
                    decisions.addAll(decided.decisions());
                    nexts.add(new Next(schedule.id(), plan.next(), plan.last()));
                } else {
                    nexts.add(new Next(schedule.id(), schedule.spec().timing().next(schedule.changedAt()).orElse(null),
                            schedule.lastRunAt()));
                }
            }
            if (!decisions.isEmpty()) {
                runs.fire(decisions, "time", node, "schedule");
            }
            updateNext(nexts);
            return due.size();
        });
    }

    /// An invalid row, written in SQL, must not block other schedules.
    private @Nullable Schedule readable(ResultSet row, Map<UUID, String> broken) throws SQLException {
        try {
            return table.schedule(row);
        } catch (IllegalArgumentException mistyped) {
            broken.put(row.getObject("id", UUID.class), mistyped.getMessage());
            return null;
        }
    }

    private static final String PAUSE_UNREADABLE = """
            update schedule set paused = true, next_run_at = null, changed_by = 'schedule loop', source = 'schedule',
                reason = :reason
            where id = :id
            """;

    private void pauseUnreadable(UUID id, String problem) {
        log.warn("schedule {} is invalid and is paused: {}", id, problem);
        jdbc.sql(PAUSE_UNREADABLE).param("id", id).param("reason", problem).update();
    }

    private Map<UUID, List<Active>> active(List<Schedule> schedules) {
        var withPolicy = schedules.stream().filter(schedule -> schedule.spec().overlap() != OverlapPolicy.ALLOW)
                .map(Schedule::id).toList();
        var active = new HashMap<UUID, List<Active>>();
        if (!withPolicy.isEmpty()) {
            runs.active(withPolicy)
                    .forEach(one -> active.computeIfAbsent(one.schedule(), _ -> new ArrayList<>()).add(one));
        }
        return active;
    }

    private void cancel(UUID operation, Schedule schedule, String node) {
        operations.cancel(new OperationId(operation), "schedule " + schedule.spec().name() + " is due again",
                new Caller(node, "schedule"));
    }

    private record Next(UUID schedule, @Nullable Instant next, @Nullable Instant last) {}

    private static final String UPDATE_NEXT = """
            update schedule s set next_run_at = n.next, last_run_at = coalesce(n.last, s.last_run_at),
                next_run_computed = true
            from unnest(:ids::uuid[], :nexts::timestamptz[], :lasts::timestamptz[]) as n (id, next, last)
            where s.id = n.id
            """;

    private void updateNext(List<Next> nexts) {
        jdbc.sql(UPDATE_NEXT).param("ids", nexts.stream().map(next -> next.schedule().toString())
                        .toArray(String[]::new)).param("nexts",
                nexts.stream().map(next -> next.next() == null ? null : next.next().toString()).toArray(String[]::new))
                .param("lasts", nexts.stream().map(next -> next.last() == null ? null : next.last().toString())
                        .toArray(String[]::new)).update();
    }

    private static final String UNTIL_NEXT = """
            select extract(epoch from min(next_run_at) - now()) * 1000 from schedule where next_run_at is not null
            """;

    /// Milliseconds until the next run of any schedule, at most `longest`.
    long untilNext(long longest) {
        return jdbc.sql(UNTIL_NEXT).query((row, _) -> row.getBigDecimal(1)).optional()
                .map(millis -> Math.clamp(Math.ceilDiv(millis.movePointRight(3).longValue(), 1000L), 0L, longest))
                .orElse(longest);
    }
}
