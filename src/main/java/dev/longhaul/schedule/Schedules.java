package dev.longhaul.schedule;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.ScheduledRunStore;
import dev.longhaul.store.ScheduledRunStore.Decision;
import dev.longhaul.types.TaskRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Creates, changes, pauses, deletes, previews and triggers schedules.
///
/// A schedule is addressed by name or id. A schedule that would never run, or whose operation is invalid, is refused.
@Component
public class Schedules {

    public static final int MAX_LISTED = 200;
    public static final int MAX_PREVIEWED = 100;
    private static final int MAX_BACKFILLED = 1_000;

    private final ScheduleTable table;
    private final ScheduledRunStore runStore;
    private final OperationStore operations;
    private final TaskRegistry tasks;
    private final TransactionTemplate transaction;

    Schedules(ScheduleTable table, ScheduledRunStore runStore, OperationStore operations, TaskRegistry tasks,
            TransactionTemplate transaction) {
        this.table = table;
        this.runStore = runStore;
        this.operations = operations;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    /// The time of the database.
    public Instant now() {
        return table.now();
    }

    /// @throws ScheduleNameTaken        if the name is taken
    /// @throws IllegalArgumentException if it would never run
    public Schedule create(ScheduleSpec wanted, @Nullable String reason, Caller caller) {
        var spec = wanted.withWork(checked(wanted.work()));
        var now = table.now();
        var id = table.insert(spec, firstAfter(now, spec), now, reason, caller)
                .orElseThrow(() -> new ScheduleNameTaken(spec.name()));
        return table.find(id.toString()).orElseThrow(() -> new ScheduleNotFound(spec.name()));
    }

    /// Replaces the whole specification. Past run times are not decided again.
    public Schedule change(String nameOrId, ScheduleSpec wanted, @Nullable String reason, Caller caller) {
        var spec = wanted.withWork(checked(wanted.work()));
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            if (!schedule.spec().name().equals(spec.name()) && table.find(spec.name()).isPresent()) {
                throw new ScheduleNameTaken(spec.name());
            }
            var next = schedule.spec().timing().equals(spec.timing())
                    ? schedule.nextRunAt() : firstAfter(schedule.readAt(), spec);
            table.update(schedule.id(), spec, next, schedule.readAt(), reason, caller);
            return find(schedule.id().toString());
        });
    }

    /// A schedule has an overlap policy, and no concurrency key from its task.
    private Submission checked(Submission work) {
        return tasks.checked(work).withConcurrency(null);
    }

    private static Instant firstAfter(Instant now, ScheduleSpec spec) {
        return spec.timing().next(now)
                .orElseThrow(() -> new IllegalArgumentException(spec.timing() instanceof Timing.Once once
                ? "at must be in the future, not " + once.at() + ": it is " + now.truncatedTo(ChronoUnit.SECONDS)
                : "the schedule would never run"));
    }

    /// @throws ScheduleNotFound if it does not exist
    public Schedule find(String nameOrId) {
        return table.find(Text.storable("schedule", nameOrId, 200)).orElseThrow(() -> new ScheduleNotFound(nameOrId));
    }

    /// In order of name.
    ///
    /// @param after last name of the previous page; empty: first page
    public List<Schedule> list(String after, int limit) {
        return table.list(Text.storable("page_token", after, 200), Math.clamp(limit, 1, MAX_LISTED));
    }

    /// While paused, runs are logged as skipped, with the principal and the reason. A second pause has no effect.
    public Schedule pause(String nameOrId, @Nullable String reason, Caller caller) {
        table.pause(find(nameOrId).id(), true, reason, caller);
        return find(nameOrId);
    }

    /// Continues with the next run; runs skipped by the pause are not caught up.
    public Schedule resume(String nameOrId, @Nullable String reason, Caller caller) {
        table.pause(find(nameOrId).id(), false, reason, caller);
        return find(nameOrId);
    }

    /// Started operations continue, and the run log stays.
    public void delete(String nameOrId, @Nullable String reason, Caller caller) {
        if (!table.delete(find(nameOrId).id(), reason, caller)) {
            throw new ScheduleNotFound(nameOrId);
        }
    }

    /// Computes the next run times.
    ///
    /// @param from null: now
    public List<Instant> preview(Timing timing, @Nullable Instant from, int count) {
        var runTimes = new ArrayList<Instant>();
        var at = timing.next(from == null ? table.now() : Timestamps.storable(from));
        while (at.isPresent() && runTimes.size() < Math.clamp(count, 1, MAX_PREVIEWED)) {
            runTimes.add(at.get());
            at = timing.next(at.get());
        }
        return runTimes;
    }

    /// The run log, newest first.
    public List<ScheduledRun> runs(String nameOrId, @Nullable Instant before, int limit) {
        return table.runs(find(nameOrId).id(), before == null ? Timestamps.MAX : Timestamps.storable(before),
                Math.clamp(limit, 1, MAX_LISTED));
    }

    /// Starts the operation now, regardless of timing, pause and overlap policy.
    public Operation trigger(String nameOrId, @Nullable String reason, Caller caller) {
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            var now = schedule.readAt();
            runStore.fire(List.of(new Decision(schedule.id(), now, "started", reason, now, false)), "manual",
                    caller.name(),
                    caller.source());
            return table.runs(schedule.id(), now.plusNanos(1_000), 1).stream().findFirst()
                    .map(ScheduledRun::operationId).flatMap(id -> operations.find(new OperationId(id)))
                    .orElseThrow(() -> new IllegalStateException("schedule " + nameOrId
                            + " was triggered twice within a microsecond"));
        });
    }

    /// Starts one operation per run time with `from` <= run time < `to`, except for those in the run log. `to` must be
    /// in the past.
    ///
    /// @return number of started operations
    public int backfill(String nameOrId, Instant from, Instant to, @Nullable String reason, Caller caller) {
        Timestamps.storable(from);
        Timestamps.storable(to);
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            if (!from.isBefore(to) || to.isAfter(schedule.readAt())) {
                throw new IllegalArgumentException("a backfill needs from before to, and to in the past, not " + "from "
                        + from + " to " + to);
            }
            var decisions = new ArrayList<Decision>();
            for (var at = schedule.spec().timing().next(from.minusNanos(1)); at.isPresent()
                    && at.get().isBefore(to); at = schedule.spec().timing().next(at.get())) {
                if (decisions.size() == MAX_BACKFILLED) {
                    throw new IllegalArgumentException("a backfill has at most " + MAX_BACKFILLED
                            + " runs, and there are more from " + from + " to " + to);
                }
                decisions.add(new Decision(schedule.id(), at.get(), "started", reason, at.get(),
                        schedule.spec().overlap() == OverlapPolicy.QUEUE));
            }
            return decisions.isEmpty() ? 0 : runStore.fire(decisions, "backfill", caller.name(), caller.source());
        });
    }

    private Schedule lock(String nameOrId) {
        return Optional.of(find(nameOrId)).flatMap(schedule -> table.lock(schedule.id()))
                .orElseThrow(() -> new ScheduleNotFound(nameOrId));
    }
}
