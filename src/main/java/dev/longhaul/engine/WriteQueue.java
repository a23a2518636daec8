package dev.longhaul.engine;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.Outcome;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// What waits for the next batch of the [RunWriter]: reports and ends of this node's runs, requests of remote workers,
/// and queues that may have something to claim. Any thread puts in; the writer alone takes out.
@Component
class WriteQueue implements NotificationHandler {

    private final EngineSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition batchEnded = lock.newCondition();
    private final Set<Run> reporting = new LinkedHashSet<>();
    private final Map<Run, Outcome> ending = new LinkedHashMap<>();
    private final RequestQueue requests = new RequestQueue();
    private final ReadyQueues ready = new ReadyQueues();
    private final Slots slots;
    private Set<String> limited = Set.of();         // queues with a limit on all workers together
    private Set<String> limitedRemotely = Set.of(); // the same, as the look for remote workers saw it
    private boolean isBatchOpen;                    // the writer has a batch, which may bring claims
    private boolean isNodeFirst;
    private long lastBatch = System.nanoTime();

    WriteQueue(EngineSettings settings, NotificationListener listener) {
        this.settings = settings;
        this.slots = new Slots(settings.slots());
        listener.add(this);
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            if (gatherNanos() == 0) {   // each signal is a thread that wakes
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    // ── this node's runs ────────────────────────────────────────────────────────────────────────────────────────────

    /// The run has something new to report.
    void report(Run run) {
        change(() -> reporting.add(run));
    }

    /// The end stays queued until the database has it.
    void end(Run run, Outcome outcome) {
        change(() -> {
            ending.put(run, outcome);
            slots.ended();
            if (limited.contains(run.queue())) {
                ready.add(new QueueKey("", run.queue()));   // the end makes room for another run
            }
        });
    }

    void freeSlot() {
        change(slots::release);
    }

    void slotsTaken(int claims) {
        change(() -> slots.take(claims));
    }

    void setClaiming(boolean isClaiming) {
        change(() -> slots.setClaiming(isClaiming));
    }

    /// @param isDraining true: this node claims nothing more, and its runs go on
    void drain(boolean isDraining) {
        change(() -> slots.setDraining(isDraining));
    }

    boolean isDraining() {
        return locked(slots::isDraining);
    }

    /// For the writer, under the lock.
    int freeSlots() {
        return slots.free();
    }

    /// For an end that was not written.
    void endAgain(Run run, Outcome outcome) {
        change(() -> ending.putIfAbsent(run, outcome));
    }

    // ── what can be claimed ─────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void ready(String queue) {
        ready(Set.of(new QueueKey("", queue)));
    }

    @Override
    public void remoteReady(String type, String queue) {
        if (!type.isEmpty()) {   // else a look at the table tells which
            ready(Set.of(new QueueKey(type, queue)));
        }
    }

    void ready(Collection<QueueKey> keys) {
        change(() -> keys.forEach(ready::add));
    }

    /// What the node's look at the table found.
    void found(Collection<String> queues, Set<String> limited) {
        change(() -> {
            this.limited = limited;
            queues.forEach(queue -> ready.add(new QueueKey("", queue)));
        });
    }

    void foundRemote(Collection<QueueKey> keys, Set<String> limited) {
        change(() -> {
            limitedRemotely = limited;
            ready.replaceRemote(keys);
        });
    }

    // ── remote workers ──────────────────────────────────────────────────────────────────────────────────────────────

    void withRequests(Consumer<RequestQueue> action) {
        change(() -> action.accept(requests));
    }

    Set<UUID> waitingWorkers() {
        return locked(requests::waitingWorkers);
    }

    // ── the writer ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// Waits until something is due. While one batch is committed the next one gathers: under load batches grow by
    /// themselves, and on an idle node nothing waits.
    WriteBatch next(NodeRuns node) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (gatherNanos() > 0 || !isDue(node)) {
                if (gatherNanos() > 0) {
                    changed.awaitNanos(gatherNanos());
                } else if (reporting.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(settings.reportInterval().toNanos() - sinceLastBatch());
                }
            }
            isBatchOpen = true;
            return take(node);
        } finally {
            lock.unlock();
        }
    }

    /// Ends, steps, requests and claims are due at once; mere progress waits for its interval.
    private boolean isDue(NodeRuns node) {
        return !ending.isEmpty() || requests.isDue(ready) || slots.free() > 0 && ready.hasFor(node)
                || reporting.stream().anyMatch(Run::hasUnwrittenSteps)
                || !reporting.isEmpty() && sinceLastBatch() >= settings.reportInterval().toNanos();
    }

    private WriteBatch take(NodeRuns node) {
        var arrived = requests.takeArrived();
        var claimers = new ArrayList<WriteSource>(requests.claimers(arrived));
        isNodeFirst = !isNodeFirst;   // of a queue with a limit, both get something
        claimers.add(isNodeFirst ? 0 : claimers.size(), node);
        var allLimited = new LinkedHashSet<>(limited);
        allLimited.addAll(limitedRemotely);
        var wanted = ready.allocate(claimers, allLimited);
        var parts = new ArrayList<WritePart>();
        addNode(parts, node, wanted.getOrDefault(node, Map.of()));
        var inBatch = new LinkedHashSet<>(arrived);
        wanted.keySet().stream().filter(WriteRequest.class::isInstance).map(WriteRequest.class::cast)
                .forEach(inBatch::add);
        requests.leaveTo(inBatch);
        inBatch.forEach(request -> parts.add(request.part(wanted.getOrDefault(request, Map.of()))));
        return new WriteBatch(parts, allLimited);
    }

    /// A run that ends reports no more, unless its task was stopped while a step waited for the commit: then the step
    /// goes first.
    private void addNode(List<WritePart> parts, NodeRuns node, Map<QueueKey, Integer> wanted) {
        var reports = new ArrayList<Report>();
        for (var run : reporting) {
            if (!ending.containsKey(run) || run.hasUnwrittenSteps()) {
                reports.add(run.report());
            }
        }
        var ends = new ArrayList<End>();
        ending.entrySet().removeIf(entry -> {
            var run = entry.getKey();
            var isTaken = !reporting.contains(run) || !run.hasUnwrittenSteps();
            if (isTaken) {
                ends.add(run.end(entry.getValue()));
            }
            return isTaken;
        });
        reporting.clear();
        if (!reports.isEmpty() || !ends.isEmpty() || !wanted.isEmpty()) {
            parts.add(new WritePart(node, reports, ends, wanted));
        }
    }

    /// The batch is written, put back or refused. Requests that got nothing to claim wait on.
    void settle(WriteBatch batch, List<Claim> claims, UUID node) {
        lock.lock();
        try {
            ready.claimed(batch.parts().stream().map(WritePart::wanted).toList(), claims, node);
            if (claims.stream().noneMatch(claim -> claim.worker().equals(node))) {
                slots.noClaims();
            }
            for (var part : batch.parts()) {
                if (part.source() instanceof WriteRequest request) {
                    if (request.hasFailed()) {
                        part.wanted().keySet().forEach(ready::add);
                    }
                    requests.settle(request);
                }
            }
            lastBatch = System.nanoTime();
            isBatchOpen = false;
            batchEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Claims that were under way when claiming stopped are known when this returns, or the timeout is over.
    void awaitBatchEnd(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (var left = timeout.toNanos(); isBatchOpen && left > 0; ) {
                left = batchEnded.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long gatherNanos() {
        return slots.gatherNanos(sinceLastBatch());
    }

    private long sinceLastBatch() {
        return System.nanoTime() - lastBatch;
    }
}
