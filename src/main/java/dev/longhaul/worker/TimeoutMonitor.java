package dev.longhaul.worker;

import dev.longhaul.engine.RetryDecider;
import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.Loop;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Outcome;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RemoteWorkerStore.Overdue;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Worker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Watches over the limits of runs outside: timeout, heartbeat timeout, deadline. The run is taken away from its
/// worker, which hears of it at its next word. Looks once a second while there are runs that have limits. All nodes
/// look; whoever writes first wins, since the others' word names a run that is over.
@Component
class TimeoutMonitor implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TimeoutMonitor.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Worker SERVICE = new Worker(new UUID(0, 0), "the service", "engine");

    private final RemoteWorkerStore store;
    private final RetryDecider attempts;
    private final RemoteRunWriter desk;
    private final IdleBackoff rest;
    private boolean watches = true;
    private final Loop loop = new Loop("overseer", this::look);

    TimeoutMonitor(RemoteWorkerStore store, RetryDecider attempts, RemoteRunWriter desk,
            NotificationListener listener) {
        this.store = store;
        this.attempts = attempts;
        this.desk = desk;
        this.rest = new IdleBackoff(listener);
    }

    private void look() throws InterruptedException {
        rest.await(ROUND, watches ? ROUND : LONGEST);
        try {
            var late = store.overdue();
            if (!late.isEmpty()) {
                desk.visit(new WriteRequest(SERVICE, null, List.of(), late.stream().map(this::end).toList(), 0),
                        Duration.ZERO);
            }
            watches = !late.isEmpty() || store.hasLimitedRuns();
        } catch (DataAccessException away) {
            log.warn("could not look for runs outside that take too long: {}", away.getMessage());
        }
    }

    private End end(Overdue late) {
        var operation = late.operation();
        var limits = operation.limits();
        var outcome = switch (late.why()) {
            case "deadline" -> new Outcome.Failed(Failure.of("deadline", "it was not over by its deadline, "
                    + limits.deadline()));
            case "timeout" -> attempts.failed(operation, Failure.of("timeout",
                    "the attempt took longer than its timeout of " + limits.timeout()), null, operation.readAt());
            default -> attempts.failed(operation, Failure.of("heartbeat_timeout", "nothing was heard of it for "
                    + limits.heartbeatTimeout()), null, operation.readAt());
        };
        return new End(operation.id(), late.runId(), outcome, operation.progress(), List.of());
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// As the engine, which watches over its own runs.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
