package dev.longhaul.worker;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.WorkerStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Tells a worker's heartbeat what somebody wants of its runs, at once if it waits here.
@Component
class StopSignals implements NotificationHandler {

    private final WorkerStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private long given;
    private volatile boolean closed;

    StopSignals(WorkerStore store, NotificationListener listener) {
        this.store = store;
        listener.add(this);
    }

    /// Waits until there is an order, or so long.
    ///
    /// @param isNews whether an order is one to wake up for
    List<WorkerStore.Order> of(UUID worker, Duration patience, Predicate<WorkerStore.Order> isNews)
            throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (true) {
            var before = count();
            var orders = store.orders(worker);
            if (orders.stream().anyMatch(isNews) || closed || !awaitAfter(before, until)) {
                return orders;
            }
        }
    }

    private long count() {
        lock.lock();
        try {
            return given;
        } finally {
            lock.unlock();
        }
    }

    /// @return false: the time is over
    private boolean awaitAfter(long seen, long until) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = until - System.nanoTime();
            while (given == seen && left > 0) {
                left = some.awaitNanos(left);
            }
            return given != seen;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ordered(OperationId id, Wish wish) {
        wake();
    }

    @Override
    public void missed() {
        wake();
    }

    @EventListener(ContextClosedEvent.class)
    void close() {
        closed = true;
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            given++;
            some.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
