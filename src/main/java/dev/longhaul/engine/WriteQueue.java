package dev.longhaul.engine;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.Outcome;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.Report;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What a node's runs have to tell and its free slots to ask for, until the [RunWriter]'s next turn takes it all. Runs,
/// listener and caretaker put in; the carrier alone takes out.
@Component
class WriteQueue implements NotificationHandler {

    private static final Duration GATHERING = Duration.ofMillis(2);
    private static final int MANY = 8;

    private final EngineSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private final Condition carried = lock.newCondition();
    private final Set<Run> reporting = new LinkedHashSet<>();
    private final Map<Run, Outcome> ending = new LinkedHashMap<>();
    private final Set<String> ready = new LinkedHashSet<>();
    private Set<String> limited = Set.of();
    private boolean claiming;
    private boolean inHand;          // the carrier has a turn's news, and may bring claims
    private boolean draining;        // somebody wants this node to run empty
    private boolean closed;
    private int taken;               // slots with a run in them
    private int begun;               // how many claims the last turn brought
    private int going;               // how many of them, give or take, have not ended
    private long lastTurn = System.nanoTime();

    WriteQueue(EngineSettings settings, NotificationListener listener) {
        this.settings = settings;
        listener.add(this);
    }

    /// The run has something new to report.
    void hear(Run run) {
        lock.lock();
        try {
            reporting.add(run);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// The run ended. It stays here or with the carrier until the database has it.
    void end(Run run, Outcome outcome) {
        lock.lock();
        try {
            ending.put(run, outcome);
            going--;
            if (limited.contains(run.queue())) {
                ready.add(run.queue());   // it makes room for the next one
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(String queue) {
        lock.lock();
        try {
            ready.add(queue);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// The queues that have a limit on all nodes together, as they were a moment ago.
    void limited(Set<String> queues) {
        lock.lock();
        try {
            limited = queues;
        } finally {
            lock.unlock();
        }
    }

    /// A run's thread has ended, and its slot is free for another.
    void freeSlot() {
        lock.lock();
        try {
            taken--;
            wake();
        } finally {
            lock.unlock();
        }
    }

    void setClaiming(boolean claiming) {
        lock.lock();
        try {
            this.claiming = claiming;
            closed &= !claiming;   // a service that was paused starts again
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    /// @param draining true: nothing more is claimed, and what runs goes on
    void drain(boolean draining) {
        lock.lock();
        try {
            this.draining = draining;
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    /// One turn's news.
    ///
    /// @param limited those of the wanted queues that have a limit on all nodes together
    record WriteBatch(Map<Run, Report> reports, Map<Run, Outcome> ends, Map<String, Integer> wanted,
            Set<String> limited) {}

    /// Waits until something is due. Null: closed, and nothing is left.
    @Nullable WriteBatch next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isGathering() || !isDue()) {
                if (closed) {
                    return null;
                }
                if (isGathering()) {
                    some.awaitNanos(GATHERING.toNanos() - sinceLastTurn());
                } else if (reporting.isEmpty()) {
                    some.await();
                } else {
                    some.awaitNanos(settings.pace().toNanos() - sinceLastTurn());
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
            inHand = true;
            return new WriteBatch(reports, ends, wanted, limited.stream().filter(wanted::containsKey)
                    .collect(Collectors.toSet()));
        } finally {
            lock.unlock();
        }
    }

    /// All that [#next] gave is carried or put back.
    void handedBack() {
        lock.lock();
        try {
            inHand = false;
            carried.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A claim that was under way when claiming was stopped is here when this returns, or the time is over.
    void awaitHandedBack(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (var left = patience.toNanos(); inHand && left > 0; ) {
                left = carried.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// A turn is over; progress waits for its pace from here.
    void turnIsOver() {
        lock.lock();
        try {
            lastTurn = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /// Ends, steps and claims are due at once; mere progress waits for its pace.
    private boolean isDue() {
        return !ending.isEmpty()
                || claiming && !draining && !ready.isEmpty() && taken < settings.slots()
                || reporting.stream().anyMatch(Run::hasStepsToCarry)
                || !reporting.isEmpty() && sinceLastTurn() >= settings.pace().toNanos();
    }

    /// The runs of a large claim that do next to nothing end within a moment of each other: one turn for all of them.
    private boolean isGathering() {
        return begun >= MANY && going > 0 && !closed && sinceLastTurn() < GATHERING.toNanos();
    }

    /// Each signal is a thread that wakes, so there is none for what is being gathered.
    private void wake() {
        if (!isGathering()) {
            some.signal();
        }
    }

    private long sinceLastTurn() {
        return System.nanoTime() - lastTurn;
    }

    /// Free slots, shared evenly among the queues that have something: a flood in one does not starve the others.
    private Map<String, Integer> share() {
        var wanted = new HashMap<String, Integer>();
        var free = settings.slots() - taken;
        if (claiming && !draining && free > 0) {
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

    /// The claims that a turn brought fill so many slots.
    void claimed(WriteBatch load, List<Claim> claims) {
        var counts = new HashMap<String, Integer>();
        claims.forEach(claim -> counts.merge(claim.operation().queue(), 1, Integer::sum));
        lock.lock();
        try {
            taken += claims.size();
            begun = claims.size();
            going = claims.size();
            load.wanted.forEach((queue, slots) -> {
                if (counts.getOrDefault(queue, 0) >= slots) {
                    ready.add(queue);   // there may be more
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /// The turn did not succeed.
    void putBack(WriteBatch load) {
        lock.lock();
        try {
            reporting.addAll(load.reports.keySet());
            load.ends.forEach(ending::putIfAbsent);
            ready.addAll(load.wanted.keySet());
            some.signal();
        } finally {
            lock.unlock();
        }
    }
}
