package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A subscriber of one operation, with a buffer of the changes that it has not taken yet.
public final class Subscriber implements AutoCloseable {

    private final Subscribers subscribers;
    private final OperationId id;
    private final int capacity;
    private final ArrayDeque<Change> stateChanges = new ArrayDeque<>();
    private @Nullable Change progress;   // newer than the last of `stateChanges`, or null
    private long seen;                   // the newest version that was put into the buffer
    private boolean behind;              // the buffer was full: the history has more
    private boolean closed;

    Subscriber(Subscribers subscribers, OperationId id, long seen, int capacity) {
        this.subscribers = subscribers;
        this.id = id;
        this.seen = seen;
        this.capacity = capacity;
    }

    public OperationId id() {
        return id;
    }

    /// Waits for the next change.
    ///
    /// @return empty if none came within the timeout, or if the subscription has ended (see [#isClosed])
    public synchronized Optional<Change> next(Duration timeout) throws InterruptedException {
        var until = System.nanoTime() + timeout.toNanos();
        while (stateChanges.isEmpty() && progress == null && !closed) {
            var left = until - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Optional.ofNullable(take());
    }

    /// True: this node ends its streams. Subscribe again, here or at another node, from the last version seen.
    public synchronized boolean isClosed() {
        return closed && stateChanges.isEmpty() && progress == null;
    }

    @Override
    public void close() {
        subscribers.remove(this);
    }

    private @Nullable Change take() {
        if (stateChanges.isEmpty()) {
            var newest = progress;
            progress = null;
            return newest;
        }
        var change = stateChanges.remove();
        var wasBehind = behind;
        if (stateChanges.isEmpty() && behind) {
            behind = false;
            subscribers.look(id);
        }
        return stateChanges.isEmpty() && progress == null && !wasBehind ? change : change.followed();
    }

    synchronized long seen() {
        return seen;
    }

    /// Takes the newer changes. A full buffer takes no more; the rest is read again once it is empty.
    ///
    /// @param from these are all changes above this version. A subscriber with an older version came during the read,
    ///     and its own read follows
    synchronized void offer(long from, List<Change> changes) {
        if (seen < from) {
            return;
        }
        for (var change : changes) {
            if (change.version() <= seen || behind) {
                continue;
            }
            if (change.stateChange() == null) {
                progress = change;
            } else if (stateChanges.size() < capacity) {
                stateChanges.add(change);
                progress = null;
            } else {
                behind = true;
                progress = null;
                continue;
            }
            seen = change.version();
        }
        notifyAll();
    }

    synchronized void end() {
        closed = true;
        notifyAll();
    }
}
