package dev.longhaul.engine;

import dev.longhaul.live.Loop;
import dev.longhaul.store.WorkerStore;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Starts the loops of a node that runs operations, and drains it before they stop.
@Component
class Engine implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final Node node;
    private final WriteQueue queue;
    private final RunWriter writer;
    private final TaskRunner runner;
    private final LeaseHeartbeat heartbeat;
    private final MaintenanceLoop maintenance;
    private final WorkerStore workers;
    private final EngineSettings settings;
    private final List<Loop> loops;
    private volatile boolean isRunning;

    Engine(Node node, WriteQueue queue, RunWriter writer, TaskRunner runner, LeaseHeartbeat heartbeat,
            MaintenanceLoop maintenance, WaitResolver waits, ConcurrencyDispatcher concurrency, WorkerStore workers,
            EngineSettings settings) {
        this.node = node;
        this.queue = queue;
        this.writer = writer;
        this.runner = runner;
        this.heartbeat = heartbeat;
        this.maintenance = maintenance;
        this.workers = workers;
        this.settings = settings;
        this.loops = List.of(heartbeat.loop(), maintenance.loop(), waits.loop(), concurrency.loop());
    }

    @Override
    public void start() {
        if (!settings.enabled()) {
            return;
        }
        node.enter();
        heartbeat.entered();
        maintenance.rescue();
        queue.setClaiming(true);
        loops.forEach(Loop::start);
        isRunning = true;
        log.info("worker {} started: {} slots, lease {}", node.name(), settings.slots(), settings.lease());
    }

    /// The loops whose thread has ended, though the engine runs.
    List<String> deadLoops() {
        var dead = loops.stream().filter(loop -> !loop.isAlive()).map(Loop::name);
        return !isRunning ? List.of() : Stream.concat(dead, writer.isAlive() ? Stream.of() : Stream.of("run writer"))
                .toList();
    }

    /// The loops that have been in one round for longer than the lease.
    List<String> hangingLoops() {
        var hanging = loops.stream().filter(loop -> loop.busy().compareTo(settings.lease()) > 0).map(Loop::name);
        return !isRunning ? List.of() : Stream.concat(hanging, writer.busy().compareTo(settings.lease()) > 0
                ? Stream.of("run writer") : Stream.of()).toList();
    }

    /// Claims end at once. Tasks leave at their next checkpoint or end within the drain timeout; the rest is released,
    /// not failed.
    @Override
    public void stop() {
        isRunning = false;
        try {
            queue.setClaiming(false);
            queue.awaitBatchEnd(settings.drainTimeout());   // runs that it claims leave, too
            stopAll(StopReason.LEAVE_AT_CHECKPOINT);
            if (!node.awaitNoRuns(settings.drainTimeout())) {
                stopAll(StopReason.RELEASE);
                node.awaitNoRuns(settings.cancelGrace().multipliedBy(2).plusSeconds(2));
            }
            workers.leave(node.id());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unavailable) {
            log.warn("could not leave in order; the lease expires instead", unavailable);
        }
        loops.forEach(Loop::stop);
        log.info("worker {} stopped", node.name());
    }

    private void stopAll(StopReason reason) {
        List.copyOf(node.runs()).forEach(run -> runner.stop(run, reason));
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Starts after the web server has its port, and stops before the web server.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
