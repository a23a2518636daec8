package dev.longhaul.engine;

import dev.longhaul.live.Ear;
import dev.longhaul.live.Listener;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Outcome;
import dev.longhaul.store.RunStore;
import dev.longhaul.store.RunStore.Carried;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;

/// The one thread of a node that writes for its runs. Each turn is one statement: the newest progress and the finished steps of all
/// runs, the ends of those that ended, and as many new claims as there are free slots. While a turn commits, the next one's news
/// gathers: under load the batches grow by themselves, and on an idle node nothing waits.
@Component
class Carrier implements Ear {

    private static final Logger log = LoggerFactory.getLogger(Carrier.class);
    /// When news of a row that somebody has locked is tried again.
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final RunStore store;
    private final Node node;
    private final Alarm alarm;
    private final EngineSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<Run> reporting = new LinkedHashSet<>();
    private final Map<Run, Outcome> ending = new LinkedHashMap<>();
    private final Set<String> ready = new LinkedHashSet<>();
    private boolean claiming;
    private boolean closed;
    private int taken;               // slots with a run in them
    private long lastTurn = System.nanoTime();

    Carrier(RunStore store, Node node, Alarm alarm, EngineSettings settings, Listener listener) {
        this.store = store;
        this.node = node;
        this.alarm = alarm;
        this.settings = settings;
        listener.add(this);
    }

    /// The run has something new to report.
    void hear(Run run) {
        lock.lock();
        try {
            reporting.add(run);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The run ended. The carrier has it until the database has it.
    void end(Run run, Outcome outcome) {
        lock.lock();
        try {
            ending.put(run, outcome);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(String queue) {
        lock.lock();
        try {
            ready.add(queue);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A run's thread has ended, and its slot is free for another.
    void freeSlot() {
        lock.lock();
        try {
            taken--;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    void startClaiming() {
        setClaiming(true);
    }

    void stopClaiming() {
        setClaiming(false);
    }

    private void setClaiming(boolean claiming) {
        lock.lock();
        try {
            this.claiming = claiming;
            closed &= !claiming;   // a service that was paused starts again
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What follows from what the database says.
    interface Consequences {

        void begin(Claim claim);

        void order(Run run, Run.Order order);
    }

    /// Carries until closed.
    void carryForEver(Consequences runs) {
        while (true) {
            try {
                var load = nextLoad();
                if (load == null) {
                    return;
                }
                carry(load, runs);
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException unexpected) {
                log.error("the carrier goes on after", unexpected);
            }
        }
    }

    /// One turn's news.
    private record Load(Map<Run, Report> reports, Map<Run, Outcome> ends, Map<String, Integer> wanted) {}

    private @Nullable Load nextLoad() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isDue()) {
                if (closed) {
                    return null;
                }
                if (reporting.isEmpty()) {
                    news.await();
                } else {
                    news.awaitNanos(settings.pace().toNanos() - (System.nanoTime() - lastTurn));
                }
            }
            var ends = new LinkedHashMap<>(ending);
            var reports = new LinkedHashMap<Run, Report>();
            for (var run : reporting) {
                if (!ends.containsKey(run)) {
                    reports.put(run, run.report());
                } else if (run.hasStepsToCarry()) {   // a step whose task was stopped while it waited for the commit
                    reports.put(run, run.report());
                    ends.remove(run);
                }
            }
            ending.keySet().removeAll(ends.keySet());
            reporting.clear();
            var wanted = share();
            ready.removeAll(wanted.keySet());
            return new Load(reports, ends, wanted);
        } finally {
            lock.unlock();
        }
    }

    /// Ends, steps and claims are due at once; mere progress waits for its pace.
    private boolean isDue() {
        return !ending.isEmpty()
                || claiming && !ready.isEmpty() && taken < settings.slots()
                || reporting.stream().anyMatch(Run::hasStepsToCarry)
                || !reporting.isEmpty() && System.nanoTime() - lastTurn >= settings.pace().toNanos();
    }

    /// Free slots, shared evenly among the queues that have something: a flood in one does not starve the others.
    private Map<String, Integer> share() {
        var wanted = new HashMap<String, Integer>();
        var free = settings.slots() - taken;
        if (claiming && free > 0) {
            for (var queue : ready) {
                if (free - wanted.size() <= 0) {
                    break;
                }
                wanted.put(queue, 0);
            }
            var each = wanted.isEmpty() ? 0 : free / wanted.size();
            wanted.replaceAll((_, _) -> each);
        }
        return wanted;
    }

    private void carry(Load load, Consequences runs) throws InterruptedException {
        try {
            take(load, send(load), runs);
        } catch (DataAccessResourceFailureException away) {
            log.warn("the database is away; {} reports and {} ends wait for it: {}", load.reports.size(), load.ends.size(), away.getMessage());
            putBack(load);
            Thread.sleep(100 + ThreadLocalRandom.current().nextLong(100));
        } catch (DataAccessException refused) {
            carryApart(load, runs, refused);
        }
        lastTurn = System.nanoTime();
    }

    private Carried send(Load load) {
        var reports = List.copyOf(load.reports.values());
        var ends = load.ends.entrySet().stream()
                .map(end -> new End(end.getKey().id(), end.getKey().runId(), end.getValue(), end.getKey().progress())).toList();
        return store.carry(node.id(), node.name(), reports, ends, load.wanted);
    }

    private void take(Load load, Carried carried, Consequences runs) {
        load.reports.forEach((run, report) -> {
            if (!carried.accepted().contains(run.runId())) {
                runs.order(run, Run.Order.LEASE_LOST);
                return;
            }
            run.carried(report);
            if (carried.cancelRequested().contains(run.runId())) {
                runs.order(run, Run.Order.CANCEL);
            }
        });
        load.ends.forEach((run, outcome) -> {
            if (!carried.accepted().contains(run.runId())) {
                log.warn("operation {}: its lease was lost, so its outcome {} is void", run.id(), outcome.getClass().getSimpleName());
            }
            node.remove(run);
        });
        claimed(load, carried, runs);
    }

    private void claimed(Load load, Carried carried, Consequences runs) {
        var counts = new HashMap<String, Integer>();
        carried.claims().forEach(claim -> counts.merge(claim.operation().queue(), 1, Integer::sum));
        lock.lock();
        try {
            taken += carried.claims().size();
            load.wanted.forEach((queue, slots) -> {
                if (counts.getOrDefault(queue, 0) >= slots) {
                    ready.add(queue);   // there may be more
                }
            });
        } finally {
            lock.unlock();
        }
        carried.claims().forEach(runs::begin);
    }

    private void putBack(Load load) {
        lock.lock();
        try {
            reporting.addAll(load.reports.keySet());
            load.ends.forEach(ending::putIfAbsent);
            ready.addAll(load.wanted.keySet());
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Something in the batch cannot be written: each part goes alone, and only the one that is at fault waits or fails.
    private void carryApart(Load load, Consequences runs, DataAccessException refused) throws InterruptedException {
        if (load.reports.size() + load.ends.size() + load.wanted.size() > 1) {
            log.debug("a batch was refused and is carried in parts", refused);
            for (var report : load.reports.entrySet()) {
                carry(new Load(Map.of(report.getKey(), report.getValue()), Map.of(), Map.of()), runs);
            }
            for (var end : load.ends.entrySet()) {
                carry(new Load(Map.of(), Map.of(end.getKey(), end.getValue()), Map.of()), runs);
            }
            for (var want : load.wanted.entrySet()) {
                carry(new Load(Map.of(), Map.of(), Map.of(want.getKey(), want.getValue())), runs);
            }
        } else if (isInTheWay(refused)) {
            log.info("a row is locked or the database is busy; its news waits: {}", refused.getMostSpecificCause().getMessage());
            alarm.in(AGAIN, () -> putBack(load));
        } else {
            failAlone(load, runs, refused);
        }
    }

    /// Spring knows no name for PostgreSQL's `lock_not_available`.
    private static boolean isInTheWay(DataAccessException refused) {
        return refused instanceof TransientDataAccessException
                || refused.getMostSpecificCause() instanceof SQLException cause && "55P03".equals(cause.getSQLState());
    }

    private void failAlone(Load load, Consequences runs, DataAccessException refused) {
        log.error("the database refuses to write a run's news", refused);
        load.ends.forEach((run, outcome) -> {
            if (outcome instanceof Outcome.Failed(var failure) && failure.type().equals("unwritable")) {
                node.remove(run);   // even its failure is refused; its lease will tell
            } else {
                end(run, new Outcome.Failed(Failure.of("unwritable", "the outcome could not be written: " + refused.getMostSpecificCause().getMessage())));
            }
        });
        load.reports.keySet().forEach(run -> runs.order(run, Run.Order.LEASE_LOST));
    }

    /// Waits until no run is left, or the time is over.
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < until) {
            if (node.runs().isEmpty()) {
                return true;
            }
            Thread.sleep(10);
        }
        return node.runs().isEmpty();
    }
}
