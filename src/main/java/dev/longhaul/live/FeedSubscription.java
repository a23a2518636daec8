package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// One who watches many operations. What does not fit into its mailbox it reads from the history later, by itself.
public final class FeedSubscription implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FeedSubscription.class);
    private static final int MAILBOX = 1_000;

    private final ChangeFeed feed;
    private final ChangeReader reader;
    private final Predicate<Operation> filter;
    private final ReentrantLock own = new ReentrantLock();
    private final Condition arrived = own.newCondition();
    private final ArrayDeque<ChangeFeed.Entry> entries = new ArrayDeque<>();
    private final Map<OperationId, Operation> progress = new LinkedHashMap<>();
    private volatile FeedCursor cursor;   // all up to here is in the mailbox, was taken, or did not pass the filter
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

    /// What came: the edges first, in order, then the newest progress of operations that run. Empty: nothing within
    /// `patience`, somebody woke it, or the subscription has ended (see [#isClosed]).
    public News next(Duration patience) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (true) {
            own.lockInterruptibly();
            try {
                while (entries.isEmpty() && progress.isEmpty() && !behind && !closed && !woken
                        && until > System.nanoTime()) {
                    arrived.awaitNanos(until - System.nanoTime());
                }
                if (!entries.isEmpty() || !progress.isEmpty() || !behind || closed || woken
                        || until <= System.nanoTime()) {
                    return take();
                }
            } finally {
                own.unlock();
            }
            try {
                catchUp();
            } catch (DataAccessException away) {
                log.debug("a subscriber waits for the database: {}", away.getMessage());
                Thread.sleep(ChangeFeed.POLL);
            }
        }
    }

    private News take() {
        var news = new News(new ArrayList<>(entries), new ArrayList<>(progress.values()), cursor);
        entries.clear();
        progress.clear();
        woken = false;
        return news;
    }

    /// Reads without the lock: the feed's thread must not wait for one subscriber's reading.
    private void catchUp() {
        var missedBefore = missed;
        var read = reader.readAfter(cursor, ChangeFeed.BATCH);   // while behind, nobody else moves the cursor
        own.lock();
        try {
            read.stream().filter(entry -> filter.test(entry.change().operation())).forEach(entries::add);
            if (!read.isEmpty()) {
                cursor = read.getLast().cursor();
            } else {
                behind = missed != missedBefore;
            }
        } finally {
            own.unlock();
        }
    }

    void offer(FeedCursor from, List<ChangeFeed.Entry> read, List<Operation> running) {
        own.lock();
        try {
            if (behind) {
                missed += read.isEmpty() ? 0 : 1;
                return;
            }
            if (cursor.compareTo(from) < 0 && !read.isEmpty() || entries.size() + read.size() > MAILBOX) {
                behind = true;
            } else {
                read.stream().filter(entry -> entry.cursor().compareTo(cursor) > 0
                        && filter.test(entry.change().operation())).forEach(entries::add);
                if (!read.isEmpty() && read.getLast().cursor().compareTo(cursor) > 0) {
                    cursor = read.getLast().cursor();
                }
                running.stream().filter(filter).filter(operation -> progress.size() < MAILBOX)
                        .forEach(operation -> progress.put(operation.id(), operation));
            }
            arrived.signalAll();
        } finally {
            own.unlock();
        }
    }

    /// All up to here is in the mailbox, was taken, or did not pass the filter.
    public FeedCursor cursor() {
        return cursor;
    }

    public boolean isClosed() {
        own.lock();
        try {
            return closed && entries.isEmpty();
        } finally {
            own.unlock();
        }
    }

    /// Has whoever waits for news look up: there is something else.
    public void wake() {
        own.lock();
        try {
            woken = true;
            arrived.signalAll();
        } finally {
            own.unlock();
        }
    }

    void end() {
        own.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            own.unlock();
        }
    }

    @Override
    public void close() {
        feed.remove(this);
    }

    /// @param cursor where to go on after all of it
    public record News(List<ChangeFeed.Entry> edges, List<Operation> progress, FeedCursor cursor) {

        public boolean isEmpty() {
            return edges.isEmpty() && progress.isEmpty();
        }
    }
}
