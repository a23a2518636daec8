package dev.longhaul.schedule;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
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

/// What people ask for: make a schedule, change, pause and delete it, look ahead and back, start it by hand.
///
/// A schedule is found by its name or its id. What could never be due, or names a task or an input that could never
/// run, is refused.
@Component
public class Schedules {

    public static final int MOST_LISTED = 200;
    public static final int MOST_PREVIEWED = 100;
    private static final int MOST_BACKFILLED = 1_000;

    private final ScheduleTable table;
    private final ScheduledRunStore fires;
    private final OperationStore operations;
    private final TaskRegistry tasks;
    private final TransactionTemplate transaction;

    Schedules(ScheduleTable table, ScheduledRunStore fires, OperationStore operations, TaskRegistry tasks,
            TransactionTemplate transaction) {
        this.table = table;
        this.fires = fires;
        this.operations = operations;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    /// The time by which schedules are due: the database's.
    public Instant now() {
        return table.now();
    }

    /// @throws NameTaken                if there is a schedule of that name
    /// @throws IllegalArgumentException if it would never be due
    public Schedule create(ScheduleSpec wanted, @Nullable String reason, Caller caller) {
        var terms = wanted.withWork(tasks.checked(wanted.work()));
        var now = table.now();
        var id = table.insert(terms, firstAfter(now, terms), now, reason, caller)
                .orElseThrow(() -> new ScheduleNameTaken(terms.name()));
        return table.find(id.toString()).orElseThrow(() -> new ScheduleNotFound(terms.name()));
    }

    /// All of its terms at once. Moments that have passed already are not decided again.
    public Schedule change(String nameOrId, ScheduleSpec wanted, @Nullable String reason, Caller caller) {
        var terms = wanted.withWork(tasks.checked(wanted.work()));
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            if (!schedule.terms().name().equals(terms.name()) && table.find(terms.name()).isPresent()) {
                throw new ScheduleNameTaken(terms.name());
            }
            var next = schedule.terms().timing().equals(terms.timing())
                    ? schedule.nextFire() : firstAfter(schedule.readAt(), terms);
            table.update(schedule.id(), terms, next, schedule.readAt(), reason, caller);
            return find(schedule.id().toString());
        });
    }

    private static Instant firstAfter(Instant now, ScheduleSpec terms) {
        return terms.timing().next(now)
                .orElseThrow(() -> new IllegalArgumentException(terms.timing() instanceof Timing.Once once
                ? "at must be a moment to come, not " + once.at() + ": it is " + now.truncatedTo(ChronoUnit.SECONDS)
                : "the schedule would never be due"));
    }

    /// @throws NoSuchSchedule if there is none
    public Schedule find(String nameOrId) {
        return table.find(Text.storable("schedule", nameOrId, 200)).orElseThrow(() -> new ScheduleNotFound(nameOrId));
    }

    /// By name.
    ///
    /// @param after the name after which the page begins; empty: the first page
    public List<Schedule> list(String after, int limit) {
        return table.list(Text.storable("page_token", after, 200), Math.clamp(limit, 1, MOST_LISTED));
    }

    /// Its moments pass, and the log says that it was paused, by whom and why. Asking again changes nothing.
    public Schedule pause(String nameOrId, @Nullable String reason, Caller caller) {
        table.pause(find(nameOrId).id(), true, reason, caller);
        return find(nameOrId);
    }

    /// Goes on with the next moment; those that passed meanwhile are not made up for.
    public Schedule resume(String nameOrId, @Nullable String reason, Caller caller) {
        table.pause(find(nameOrId).id(), false, reason, caller);
        return find(nameOrId);
    }

    /// It is due no more. What it started goes on, and its log stays.
    public void delete(String nameOrId, @Nullable String reason, Caller caller) {
        if (!table.delete(find(nameOrId).id(), reason, caller)) {
            throw new ScheduleNotFound(nameOrId);
        }
    }

    /// The next moments of a schedule that is, or would be.
    ///
    /// @param from null: from now on
    public List<Instant> preview(Timing timing, @Nullable Instant from, int count) {
        var moments = new ArrayList<Instant>();
        var at = timing.next(from == null ? table.now() : from);
        while (at.isPresent() && moments.size() < Math.clamp(count, 1, MOST_PREVIEWED)) {
            moments.add(at.get());
            at = timing.next(at.get());
        }
        return moments;
    }

    /// What came of its moments, newest first.
    public List<ScheduledRun> fires(String nameOrId, @Nullable Instant before, int limit) {
        return table.fires(find(nameOrId).id(), before == null ? Instant.parse("9999-01-01T00:00:00Z") : before,
                Math.clamp(limit, 1, MOST_LISTED));
    }

    /// Starts it now, whatever its clock, its pause and its earlier operations say.
    public Operation trigger(String nameOrId, @Nullable String reason, Caller caller) {
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            var now = schedule.readAt();
            fires.fire(List.of(new Decision(schedule.id(), now, "started", reason, now, false)), "hand", caller.name(),
                    caller.source());
            return table.fires(schedule.id(), now.plusNanos(1_000), 1).stream().findFirst().map(ScheduledRun::operation)
                    .flatMap(id -> operations.find(new OperationId(id)))
                            .orElseThrow(() -> new IllegalStateException("schedule " + nameOrId
                            + " was started twice in one moment"));
        });
    }

    /// Starts it once for each of its moments from `from` to before `to`, which must be past; those that the log has
    /// already are left as they are.
    ///
    /// @return how many were started
    public int backfill(String nameOrId, Instant from, Instant to, @Nullable String reason, Caller caller) {
        return transaction.execute(_ -> {
            var schedule = lock(nameOrId);
            if (!from.isBefore(to) || to.isAfter(schedule.readAt())) {
                throw new IllegalArgumentException("a backfill goes from a moment to a later one that is past, not "
                        + "from " + from + " to " + to);
            }
            var decisions = new ArrayList<Decision>();
            for (var at = schedule.terms().timing().next(from.minusNanos(1)); at.isPresent()
                    && at.get().isBefore(to); at = schedule.terms().timing().next(at.get())) {
                if (decisions.size() == MOST_BACKFILLED) {
                    throw new IllegalArgumentException("a backfill is at most " + MOST_BACKFILLED
                            + " moments, and there are more from " + from + " to " + to);
                }
                decisions.add(new Decision(schedule.id(), at.get(), "started", reason, at.get(),
                        schedule.terms().overlap() == OverlapPolicy.QUEUE));
            }
            return decisions.isEmpty() ? 0 : fires.fire(decisions, "backfill", caller.name(), caller.source());
        });
    }

    private Schedule lock(String nameOrId) {
        return Optional.of(find(nameOrId)).flatMap(schedule -> table.lock(schedule.id()))
                .orElseThrow(() -> new ScheduleNotFound(nameOrId));
    }
}
