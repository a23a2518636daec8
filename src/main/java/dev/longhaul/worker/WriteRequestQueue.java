package dev.longhaul.worker;

import dev.longhaul.store.RemoteWorkerStore.ReadyPlace;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.worker.WriteRequest.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where the visits of remote workers wait: those that have something to tell until the next turn, those that only
/// claim until there is something. The workers' requests put in; the [RemoteRunWriter] alone takes out.
final class WriteRequestQueue {

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int MOST_ROWS = 2_000;
    private static final int MOST_PLACES = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private final Set<WriteRequest> arrived = new LinkedHashSet<>();
    private final Set<WriteRequest> waiting = new LinkedHashSet<>();
    // they leave with what the turn they are in brings
    private final Set<WriteRequest> impatient = new HashSet<>();
    // where there may be something; what is not here has nothing, or is found by the next look
    private final Set<QueueKey> ready = new LinkedHashSet<>();
    private Set<String> limited = Set.of();
    private boolean closed;
    private long lookAt = System.nanoTime();

    void arrive(WriteRequest visit) {
        lock.lock();
        try {
            arrived.add(visit);
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    /// It leaves at once if it only waits; else with the turn it is in.
    void stopWaiting(WriteRequest visit) {
        lock.lock();
        try {
            if (waiting.remove(visit)) {
                visit.leave(List.of());
            } else if (!visit.answer.isDone()) {
                impatient.add(visit);
            }
        } finally {
            lock.unlock();
        }
    }

    /// @param type empty: perhaps of any type
    void ready(String type, String queue) {
        lock.lock();
        try {
            if (type.isEmpty() || ready.size() >= MOST_PLACES) {
                lookAt = System.nanoTime();
            } else {
                ready.add(new QueueKey(type, queue));
            }
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void lookSoon() {
        ready("", "");
    }

    void looked(List<ReadyPlace> places) {
        lock.lock();
        try {
            ready.clear();
            places.forEach(place -> ready.add(place.place()));
            limited = places.stream().filter(ReadyPlace::limited).map(place -> place.place().queue())
                    .collect(Collectors.toSet());
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is something to do.
    ///
    /// @return whether it is time for a look at the table
    boolean awaitVisits() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (arrived.isEmpty() && waiting.stream().noneMatch(this::findsSomething)) {
                var untilLook = lookAt - System.nanoTime();
                if (waiting.isEmpty()) {
                    some.await();
                } else if (untilLook > 0) {
                    some.awaitNanos(untilLook);
                } else {
                    break;
                }
            }
            var isTime = System.nanoTime() - lookAt >= 0
                    && (!waiting.isEmpty() || arrived.stream().anyMatch(WriteRequest::claims));
            if (isTime) {
                lookAt = System.nanoTime() + ROUND.toNanos();
            }
            return isTime;
        } finally {
            lock.unlock();
        }
    }

    private boolean findsSomething(WriteRequest visit) {
        return ready.stream().anyMatch(visit::takes);
    }

    /// The workers that are here themselves.
    Set<UUID> present() {
        lock.lock();
        try {
            return Stream.concat(arrived.stream(), waiting.stream()).map(WriteRequest::worker).filter(Objects::nonNull)
                    .collect(Collectors.toSet());
        } finally {
            lock.unlock();
        }
    }

    void lost(Set<UUID> workers) {
        if (workers.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (var visits : List.of(arrived, waiting)) {
                visits.removeIf(visit -> {
                    var isLost = visit.worker() != null && workers.contains(visit.worker());
                    if (isLost) {
                        impatient.remove(visit);
                        visit.answer.completeExceptionally(new WorkerLeaseLost(visit.worker()));
                    }
                    return isLost;
                });
            }
        } finally {
            lock.unlock();
        }
    }

    /// A run is in one visit at most, and what is said of it first goes first.
    RemoteWriteBatch next() {
        lock.lock();
        try {
            var visits = new LinkedHashSet<WriteRequest>();
            var runs = new HashSet<UUID>();
            var rows = 0;
            for (var visit : List.copyOf(arrived)) {
                var isFree = visit.runs().stream().noneMatch(runs::contains);
                runs.addAll(visit.runs());
                if (isFree && (rows == 0 || rows + visit.size() <= MOST_ROWS)) {
                    rows += visit.size();
                    visits.add(visit);
                }
            }
            arrived.removeAll(visits);
            var wants = closed ? Map.<WriteRequest, Map<QueueKey, Integer>>of() : share(visits);
            visits.addAll(wants.keySet());
            waiting.removeAll(visits);
            var load = new RemoteWriteBatch(List.copyOf(visits), wants, limited);
            ready.removeAll(load.places());
            return load;
        } finally {
            lock.unlock();
        }
    }

    /// Who waits longest is first; what one visit may take is shared evenly among the places that have something, so
    /// that a flood of one type does not starve the others. A worker is served once in a turn, and of a queue with a
    /// limit one place.
    private Map<WriteRequest, Map<QueueKey, Integer>> share(Set<WriteRequest> here) {
        var claimers = new LinkedHashSet<>(waiting);
        here.stream().filter(WriteRequest::claims).forEach(claimers::add);
        var wants = new LinkedHashMap<WriteRequest, Map<QueueKey, Integer>>();
        var served = new HashSet<UUID>();
        var counted = new HashMap<String, QueueKey>();
        var left = MOST_ROWS;
        for (var visit : claimers) {
            var places = ready.stream().filter(visit::takes)
                    .filter(place -> !limited.contains(place.queue())
                            || counted.computeIfAbsent(place.queue(), _ -> place).equals(place)).toList();
            if (places.isEmpty() || left == 0 || !served.add(visit.worker())) {
                continue;
            }
            var wanted = new LinkedHashMap<QueueKey, Integer>();
            var free = Math.min(visit.most(), left);
            for (var n = 0; n < places.size() && free > 0; n++) {
                var share = Math.max(1, free / (places.size() - n));
                wanted.put(places.get(n), share);
                free -= share;
                left -= share;
            }
            wants.put(visit, wanted);
        }
        return wants;
    }

    /// What was told is in the database. Who got something leaves; who claims and got nothing waits on.
    ///
    /// @param claims by worker
    void settled(RemoteWriteBatch load, Answer told, Map<UUID, List<Claim>> claims) {
        lock.lock();
        try {
            findMore(load, claims.values());
            for (var visit : load.visits()) {
                visit.told(told);
                var got = load.wants().containsKey(visit)
                        ? claims.getOrDefault(visit.worker(), List.of()) : List.<Claim>of();
                if (impatient.remove(visit) || !visit.claims() || !got.isEmpty() || closed) {
                    visit.leave(got);
                } else {
                    waiting.add(visit);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// A place that gave all that was asked for may have more.
    private void findMore(RemoteWriteBatch load, Collection<List<Claim>> claims) {
        var given = new HashMap<QueueKey, Integer>();
        claims.forEach(list -> list.forEach(claim ->
                given.merge(new QueueKey(claim.operation().type(), claim.operation().queue()), 1, Integer::sum)));
        var asked = new HashMap<QueueKey, Integer>();
        load.wants().values()
                .forEach(wanted -> wanted.forEach((place, slots) -> asked.merge(place, slots, Integer::sum)));
        asked.forEach((place, slots) -> {
            if (given.getOrDefault(place, 0) >= slots) {
                ready.add(place);
            }
        });
    }

    /// The database did not take it. Who only waits for something goes on waiting.
    void failed(RemoteWriteBatch load, Throwable reason) {
        lock.lock();
        try {
            ready.addAll(load.places());
            var again = new ArrayList<WriteRequest>();
            for (var visit : load.visits()) {
                if (visit.hasTold() && visit.claims() && !impatient.remove(visit) && !closed) {
                    again.add(visit);
                } else {
                    impatient.remove(visit);
                    visit.answer.completeExceptionally(reason);
                }
            }
            waiting.addAll(again);
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            closed = false;
            lookAt = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /// This worker's claims wait no longer: it comes again, as what it is now.
    void sendHome(UUID worker) {
        lock.lock();
        try {
            waiting.stream().filter(visit -> worker.equals(visit.worker())).toList().forEach(this::stopWaiting);
        } finally {
            lock.unlock();
        }
    }

    /// Nobody waits here any more: who has nothing to tell leaves at once.
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(visit -> visit.leave(List.of()));
            waiting.clear();
            some.signal();
        } finally {
            lock.unlock();
        }
    }
}
