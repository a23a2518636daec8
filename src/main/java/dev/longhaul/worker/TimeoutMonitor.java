package dev.longhaul.worker;

import dev.longhaul.engine.RetryDecider;
import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.Outcome;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RemoteWorkerStore.Overdue;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Worker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Enforces the limits of remote runs: timeout, heartbeat timeout, deadline. All nodes look once a second while a run
/// has limits. The first node to write the end wins; the worker gets 409 `run-lost` with its next request.
@Component
class TimeoutMonitor extends LoopLifecycle {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration IDLE_INTERVAL = Duration.ofMinutes(1);
    private static final Worker SERVICE = new Worker(new UUID(0, 0), "the service", "engine");

    private final RemoteWorkerStore store;
    private final RetryDecider retries;
    private final RunWriter writer;
    private final IdleBackoff backoff;

    TimeoutMonitor(RemoteWorkerStore store, RetryDecider retries, RunWriter writer, NotificationListener listener) {
        super("timeout monitor");
        this.store = store;
        this.retries = retries;
        this.writer = writer;
        this.backoff = new IdleBackoff(listener, loop);
    }

    @Override
    protected Pause round() throws InterruptedException {
        var overdue = store.overdue();
        if (!overdue.isEmpty()) {
            writer.write(WriteRequest.ofEnds(SERVICE, overdue.stream().map(this::end).toList()), Duration.ZERO);
        }
        return overdue.isEmpty() && !store.hasLimitedRuns() ? backoff.pause(INTERVAL, IDLE_INTERVAL)
                : Pause.of(INTERVAL);
    }

    private End end(Overdue run) {
        var operation = run.operation();
        var limits = operation.limits();
        var outcome = switch (run.why()) {
            case "deadline" -> new Outcome.Failed(RetryDecider.deadline(limits));
            case "timeout" -> retries.failed(operation, RetryDecider.timeout(limits), null, operation.readAt());
            default -> retries.failed(operation, RetryDecider.heartbeatTimeout(limits), null, operation.readAt());
        };
        return new End(operation.id(), run.runId(), outcome, operation.progress(), List.of());
    }

    /// As the engine, which enforces the limits of its own runs.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
