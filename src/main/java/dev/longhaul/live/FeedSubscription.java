package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// A subscription of many operations. Changes that do not fit into its buffer are read from the history later.
public final class FeedSubscription implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FeedSubscription.class);
    private static final int MAX_BUFFERED = 1_000;

    private final ChangeFeed feed;
    private final ChangeReader reader;
    private final Predicate<Operation> filter;
    private final ArrayDeque<ChangeFeed.Entry> entries = new ArrayDeque<>();
    private final Map<OperationId, Operation> progress = new LinkedHashMap<>();
    private volatile FeedCursor cursor;   // up to here all is buffered, taken, or did not pass the filter
    private boolean behind = true;
    private boolean woken;
    private volatile int missed;   // offers while it was behind
    private boolean closed;

    FeedSubscription(ChangeFeed feed, ChangeReader reader, FeedCursor cursor, Predicate<Operation> filter) {
        this.feed = feed;
        this.reader = reader;
        this.cursor = cursor;
        this.filter = filter;
    }

    /// State changes in order, then the newest progress of running operations. Empty: nothing came within the timeout,
    /// or a wake-up, or the subscription has ended (see [#isClosed]).
    public FeedBatch next(Duration timeout) throws InterruptedException {
        var until = System.nanoTime() + timeout.toNanos();
        while (true) {
            synchronized (this) {
                while (entries.isEmpty() && progress.isEmpty() && !behind && !closed && !woken
                        && until > System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
                }
                if (!entries.isEmpty() || !progress.isEmpty() || !behind || closed || woken
                        || until <= System.nanoTime()) {
                    return take();
                }
            }
            try {
                catchUp();
            } catch (DataAccessException unavailable) {
                log.debug("a subscriber waits for the database: {}", unavailable.getMessage());
                Thread.sleep(ChangeFeed.POLL);
            }
        }
    }

    private FeedBatch take() {
        var batch = new FeedBatch(new ArrayList<>(entries), new ArrayList<>(progress.values()), cursor);
        entries.clear();
        progress.clear();
        woken = false;
        return batch;
    }

    /// Reads without the lock: the feed's loop must not wait for the read of one subscriber.
    private void catchUp() {
        var missedBefore = missed;
        var read = reader.readAfter(cursor, ChangeFeed.BATCH);   // while behind, only this method moves the cursor
        synchronized (this) {
            read.stream().filter(entry -> filter.test(entry.change().operation())).forEach(entries::add);
            if (!read.isEmpty()) {
                cursor = read.getLast().cursor();
            } else {
                behind = missed != missedBefore;
            }
        }
    }

    synchronized void offer(FeedCursor from, List<ChangeFeed.Entry> read, List<Operation> running) {
        if (behind) {
            missed += read.isEmpty() ? 0 : 1;
            return;
        }
        if (cursor.compareTo(from) < 0 && !read.isEmpty() || entries.size() + read.size() > MAX_BUFFERED) {
            behind = true;
        } else {
            read.stream().filter(entry -> entry.cursor().compareTo(cursor) > 0
                    && filter.test(entry.change().operation())).forEach(entries::add);
            if (!read.isEmpty() && read.getLast().cursor().compareTo(cursor) > 0) {
                cursor = read.getLast().cursor();
            }
            running.stream().filter(filter).filter(operation -> progress.size() < MAX_BUFFERED)
                    .forEach(operation -> progress.put(operation.id(), operation));
        }
        notifyAll();
    }

    /// Up to here all changes are buffered, taken, or did not pass the filter.
    public FeedCursor cursor() {
        return cursor;
    }

    public synchronized boolean isClosed() {
        return closed && entries.isEmpty();
    }

    /// Ends the wait of [#next].
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized void end() {
        closed = true;
        notifyAll();
    }

    @Override
    public void close() {
        feed.remove(this);
    }

    /// @param cursor of the last change
    public record FeedBatch(List<ChangeFeed.Entry> edges, List<Operation> progress, FeedCursor cursor) {

        public boolean isEmpty() {
            return edges.isEmpty() && progress.isEmpty();
        }
    }
}
