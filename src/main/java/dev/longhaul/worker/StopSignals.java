package dev.longhaul.worker;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Lets the heartbeat of a remote worker wait for a cancel or pause of its runs.
@Component
class StopSignals implements NotificationHandler {

    private final WorkerStore store;
    private long received;
    private volatile boolean isClosed;

    StopSignals(WorkerStore store, NotificationListener listener) {
        this.store = store;
        listener.add(this);
    }

    /// The orders of the worker's runs, after a wait of this length or as soon as one is new.
    List<WorkerStore.Order> await(UUID worker, Duration wait, Predicate<WorkerStore.Order> isNew)
            throws InterruptedException {
        var until = System.nanoTime() + wait.toNanos();
        while (true) {
            var before = received();
            var orders = store.orders(worker);
            if (orders.stream().anyMatch(isNew) || isClosed || !awaitAfter(before, until)) {
                return orders;
            }
        }
    }

    private synchronized long received() {
        return received;
    }

    /// @return false: the time is over
    private synchronized boolean awaitAfter(long seen, long until) throws InterruptedException {
        for (var left = until - System.nanoTime(); received == seen && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return received != seen;
    }

    @Override
    public void signalled(OperationId id, Signal signal) {
        wake();
    }

    @Override
    public void missed() {
        wake();
    }

    @EventListener(ContextClosedEvent.class)
    void close() {
        isClosed = true;
        wake();
    }

    private synchronized void wake() {
        received++;
        notifyAll();
    }
}
