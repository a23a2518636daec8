package dev.longhaul.engine;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.WorkerStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Renews the lease of the node and compares its runs with the database. A node whose [RunWriter] has hung for a lease
/// gives its lease up: it could not write an end, so others take its runs over.
@Component
class LeaseHeartbeat implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(LeaseHeartbeat.class);

    private final WorkerStore workers;
    private final Node node;
    private final TaskRunner runner;
    private final RunWriter writer;
    private final WriteQueue queue;
    private final EngineSettings settings;
    private final Loop loop = new Loop("lease heartbeat", this::beat);
    private Set<UUID> strays = Set.of();
    private volatile long renewedAt = System.nanoTime();
    private volatile boolean isStalled;

    LeaseHeartbeat(WorkerStore workers, Node node, TaskRunner runner, RunWriter writer, WriteQueue queue,
            EngineSettings settings, NotificationListener listener, MeterRegistry registry) {
        this.workers = workers;
        this.node = node;
        this.runner = runner;
        this.writer = writer;
        this.queue = queue;
        this.settings = settings;
        listener.add(this);
        Gauge.builder("longhaul.lease.age", this, it -> it.leaseAge().toMillis() / 1000.0).baseUnit("seconds")
                .description("Time since this node last renewed its lease").register(registry);
    }

    Loop loop() {
        return loop;
    }

    /// The time since the lease was last renewed.
    Duration leaseAge() {
        return Duration.ofNanos(System.nanoTime() - renewedAt);
    }

    /// True: the writer hangs, and the node has given its lease up.
    boolean isStalled() {
        return isStalled;
    }

    void entered() {
        renewedAt = System.nanoTime();
    }

    private Pause beat() {
        var now = System.nanoTime();
        try {
            if (writer.busy().compareTo(settings.lease()) > 0) {
                giveUp();
            } else {
                isStalled = false;
                renew(now);
                if (!node.runs().isEmpty() || !strays.isEmpty() || node.isInDoubt()) {
                    compare();
                }
            }
        } catch (DataAccessException unavailable) {
            log.warn("the lease could not be renewed: {}", unavailable.getMessage());
            if (Duration.ofNanos(now - renewedAt).compareTo(settings.lease().minus(settings.heartbeat())) > 0) {
                stopAll();   // other nodes may take over from now on
            }
        }
        return Pause.of(settings.heartbeat());
    }

    private void renew(long now) {
        var isDraining = workers.beat(node.id(), settings.lease());
        if (isDraining.isPresent()) {
            queue.drain(isDraining.get());
        } else {
            log.warn("this node was declared lost: it stops {} runs and registers again", node.runs().size());
            stopAll();
            node.reenter();
        }
        renewedAt = now;
    }

    private void giveUp() {
        if (!isStalled) {
            log.error("the run writer has not come back for {}: this node gives its lease up and stops {} runs",
                    writer.busy(), node.runs().size());
            stopAll();
            workers.leave(node.id());
            isStalled = true;
        }
    }

    private void stopAll() {
        List.copyOf(node.runs()).forEach(run -> runner.stop(run, StopReason.LEASE_LOST));
    }

    /// Runs that the database does not know were taken away by hand. Runs that only the database knows were claimed in
    /// a batch whose answer was lost.
    private void compare() {
        var here = new ArrayList<>(node.runs());
        var stored = workers.runs(node.id());
        here.stream().filter(run -> !stored.contains(run.runId()))
                .forEach(run -> runner.stop(run, StopReason.LEASE_LOST));
        var unknown = new HashSet<>(stored);
        unknown.removeIf(run -> node.find(run).isPresent());
        var stillUnknown = unknown.stream().filter(strays::contains).toList();
        if (!stillUnknown.isEmpty()) {
            workers.disown(node.id(), stillUnknown, node.name(), "the claim did not reach its worker");
        }
        strays = unknown;
        if (!here.isEmpty()) {
            var signals = workers.orders(node.id()).stream().collect(Collectors.toMap(WorkerStore.Order::id,
                    order -> order.cancel() ? Signal.CANCEL : Signal.PAUSE));
            here.forEach(run -> apply(run, signals.getOrDefault(run.id(), Signal.RESUME)));
        }
    }

    @Override
    public void drained(UUID worker, boolean isDraining) {
        if (worker.equals(node.id())) {
            queue.drain(isDraining);
        }
    }

    @Override
    public void signalled(OperationId id, Signal signal) {
        node.runs().stream().filter(run -> run.id().equals(id)).forEach(run -> apply(run, signal));
    }

    private void apply(Run run, Signal signal) {
        switch (signal) {
            case CANCEL -> runner.stop(run, StopReason.CANCEL);
            case PAUSE -> runner.stop(run, StopReason.PAUSE);
            case RESUME -> run.resume();
        }
    }
}
