package dev.longhaul.worker;

import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.engine.WriteRequest.Answer;
import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.RemoteTypeStore;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RemoteWorkerStore.ReadyPlace;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Renews the leases of remote workers that this node hears of. While claims wait, it looks once a second for work
/// whose notification was lost.
@Component
class WorkerLoop extends LoopLifecycle implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RunWriter writer;
    private final RemoteWorkerStore store;
    private final WorkerCache cache;
    private final Map<UUID, Integer> waiting = new ConcurrentHashMap<>();   // how many claims of each worker wait
    private final Set<UUID> toRenew = ConcurrentHashMap.newKeySet();
    private final RemoteTypeStore types;
    private final TaskRegistry tasks;
    private volatile long lookAt = System.nanoTime();
    private boolean ownTypesAreTaken;

    WorkerLoop(RunWriter writer, RemoteWorkerStore store, WorkerCache cache, RemoteTypeStore types,
            TaskRegistry tasks, NotificationListener listener) {
        super("remote workers");
        this.writer = writer;
        this.store = store;
        this.cache = cache;
        this.types = types;
        this.tasks = tasks;
        writer.onReports(this::heardOf);
        listener.add(this);
    }

    /// As [RunWriter#write], for a request that claims.
    ///
    /// @throws WorkerLeaseLost if the worker was declared lost
    Answer claim(WriteRequest request, UUID worker, Duration wait) throws InterruptedException {
        heardOf(Set.of(worker));
        lookIfDue();
        if (!wait.isPositive()) {
            return writer.write(request, wait);
        }
        waiting.merge(worker, 1, Integer::sum);
        loop.wake();
        try {
            return writer.write(request, wait);
        } finally {
            waiting.computeIfPresent(worker, (_, claims) -> claims == 1 ? null : claims - 1);
        }
    }

    /// Each request of a worker and each report of its runs renews its lease.
    void heardOf(Set<UUID> workers) {
        var due = cache.due(workers);
        if (!due.isEmpty()) {
            toRenew.addAll(due);
            loop.wake();
        }
    }

    @Override
    protected Pause round() {
        takeOwnTypes();
        var due = new HashSet<>(toRenew);
        toRenew.removeAll(due);
        due.addAll(cache.due(waiting.keySet()));
        if (!due.isEmpty()) {
            try {
                cache.renew(due).forEach(lost -> writer.fail(lost, new WorkerLeaseLost(lost)));
            } catch (DataAccessException unavailable) {
                toRenew.addAll(due);
                throw unavailable;
            }
        }
        if (waiting.isEmpty()) {
            return new Pause(SHORTEST, Pause.ENDLESS.longest());
        }
        lookIfDue();
        return new Pause(SHORTEST, INTERVAL);
    }

    /// A type that the service has a task for is no longer a remote type. Here a failure is repeated; of a listener at
    /// the start it would end a node that serves already.
    private void takeOwnTypes() {
        if (!ownTypesAreTaken) {
            types.takeBack(tasks.ownTypes(), "the service");
            ownTypesAreTaken = true;
        }
    }

    private void lookIfDue() {
        if (System.nanoTime() - lookAt < 0) {
            return;
        }
        synchronized (this) {
            if (System.nanoTime() - lookAt >= 0) {
                lookAt = System.nanoTime() + INTERVAL.toNanos();
                look();
            }
        }
    }

    private void look() {
        try {
            var found = store.look();
            writer.found(found.stream().map(ReadyPlace::place).toList(), found.stream().filter(ReadyPlace::limited)
                    .map(ready -> ready.place().queue()).collect(Collectors.toSet()));
        } catch (DataAccessException unavailable) {
            log.warn("could not look for work of remote workers: {}", unavailable.getMessage());
        }
    }

    @Override
    public void remoteReady(String type, String queue) {
        if (type.isEmpty()) {
            missed();
        }
    }

    @Override
    public void drained(UUID worker, boolean isDraining) {
        cache.drained(worker, isDraining);
        writer.stopWaiting(worker);
    }

    @Override
    public void missed() {
        lookAt = System.nanoTime();
        loop.wake();
    }

    /// Before the engine looks for lost workers: while no node was up, no worker could renew its lease.
    @Override
    public void start() {
        store.spareThoseWhoCouldNotBeat();
        missed();
        loop.start();
    }

    /// With the run writer: before the web server.
    @Override
    public int getPhase() {
        return 2;
    }
}
