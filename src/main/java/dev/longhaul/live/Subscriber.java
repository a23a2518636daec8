package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One who watches one operation, with a mailbox of what it has not taken yet.
public final class Subscriber implements AutoCloseable {

    private final Subscribers watchers;
    private final OperationId id;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Change> edges = new ArrayDeque<>();
    private @Nullable Change progress;   // newer than the last of `edges`, or null
    private long seen;                   // the newest version that was put into the mailbox
    private boolean behind;              // the mailbox was full: there is more in the history
    private boolean closed;

    Subscriber(Subscribers watchers, OperationId id, long seen, int capacity) {
        this.watchers = watchers;
        this.id = id;
        this.seen = seen;
        this.capacity = capacity;
    }

    public OperationId id() {
        return id;
    }

    /// Waits for the next change.
    ///
    /// @return empty if none came within `patience`, or if the watch has ended (see [#isClosed])
    public Optional<Change> next(Duration patience) throws InterruptedException {
        var nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (edges.isEmpty() && progress == null && !closed) {
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = news.awaitNanos(nanos);
            }
            return Optional.ofNullable(take());
        } finally {
            lock.unlock();
        }
    }

    /// True: this node ends its streams; watch again, here or at another node, from the last version seen.
    public boolean isClosed() {
        lock.lock();
        try {
            return closed && edges.isEmpty() && progress == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        watchers.remove(this);
    }

    private @Nullable Change take() {
        if (edges.isEmpty()) {
            var newest = progress;
            progress = null;
            return newest;
        }
        var edge = edges.poll();
        if (edges.isEmpty() && behind) {
            behind = false;
            watchers.look(id);
        }
        return edge;
    }

    long seen() {
        lock.lock();
        try {
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /// Takes what is newer than what it has. A full mailbox takes no more; the rest is read again once it is empty.
    ///
    /// @param from the version above which these are all changes. A watcher that has less came while they were read:
    ///             what it lacks is not among them, and its own look is still to come.
    void offer(long from, List<Change> changes) {
        lock.lock();
        try {
            if (seen < from) {
                return;
            }
            for (var change : changes) {
                if (change.version() <= seen || behind) {
                    continue;
                }
                if (change.edge() == null) {
                    progress = change;
                } else if (edges.size() < capacity) {
                    edges.add(change);
                    progress = null;
                } else {
                    behind = true;
                    progress = null;
                    continue;
                }
                seen = change.version();
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
