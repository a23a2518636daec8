package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// All changes of all operations, in one order that every node agrees on, for whoever watches many at once.
///
/// The order is that of transaction ids. A sequence would not do: a lower value can commit after a higher one, and "id > cursor"
/// then loses an event (1.3 % of them, with eight writers). Here a change is told only once no transaction with a lower id can still
/// commit. So a transaction that stays open for long holds this feed up (not the streams of single operations), and never makes it lose anything.
@Component
public class Feed implements Ear, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);
    private static final int BATCH = 500;
    /// A transaction of somebody else may have been in the way, and its end is not announced.
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PACE = Duration.ofMillis(20);

    private final ChangeReader reader;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<OperationId> moved = new LinkedHashSet<>();
    private @Nullable Cursor head;              // all up to here has been handed out; null: nobody subscribes
    private boolean announced;
    private volatile @Nullable Thread thread;

    Feed(ChangeReader reader, Listener listener) {
        this.reader = reader;
        listener.add(this);
    }

    /// One edge, at its place.
    public record Entry(Cursor cursor, Change change) {}

    /// @param from   where to go on; null: with what comes from now on
    /// @param filter which operations
    public Subscription subscribe(@Nullable Cursor from, Predicate<Operation> filter) {
        lock.lock();
        try {
            if (head == null) {
                head = reader.newest();
            }
            var subscription = new Subscription(from == null ? head : from, filter);
            subscriptions.add(subscription);
            if (!isRunning()) {
                subscription.end();
            }
            news.signal();
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(Collection<OperationId> ids) {
        if (subscriptions.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            announced = true;
            if (moved.size() < BATCH) {
                moved.addAll(ids);   // of mere progress, a sample is enough when very much moves
            }
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void readForEver() {
        while (isRunning()) {
            try {
                awaitNews();
                handOut();
                Thread.sleep(PACE);
            } catch (InterruptedException stopped) {
                return;
            } catch (DataAccessException away) {
                log.warn("the feed waits for the database: {}", away.getMessage());
            } catch (RuntimeException unexpected) {
                log.error("the feed goes on after", unexpected);
            }
        }
    }

    private void awaitNews() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var patience = POLL.toNanos();
            while (subscriptions.isEmpty() || !announced && patience > 0) {
                if (subscriptions.isEmpty()) {
                    head = null;
                    moved.clear();
                    news.await();
                } else {
                    patience = news.awaitNanos(patience);
                }
            }
            announced = false;
        } finally {
            lock.unlock();
        }
    }

    private void handOut() {
        var ids = takeMoved();
        var from = head;
        if (from == null) {
            return;
        }
        var entries = reader.readAfter(from, BATCH);
        var running = ids.isEmpty() ? List.<Operation>of() : reader.running(ids);
        lock.lock();
        try {
            if (!entries.isEmpty()) {
                head = entries.getLast().cursor();
                announced |= entries.size() == BATCH;
            }
            subscriptions.forEach(subscription -> subscription.offer(from, entries, running));
        } finally {
            lock.unlock();
        }
    }

    private Set<OperationId> takeMoved() {
        lock.lock();
        try {
            var ids = Set.copyOf(moved);
            moved.clear();
            return ids;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("feed").daemon().start(this::readForEver);
    }

    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
        subscriptions.forEach(Subscription::end);
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return 1;
    }

    /// One who watches many operations. What does not fit into its mailbox it reads from the history later, by itself.
    public final class Subscription implements AutoCloseable {

        private static final int MAILBOX = 1_000;

        private final Predicate<Operation> filter;
        private final ReentrantLock own = new ReentrantLock();
        private final Condition arrived = own.newCondition();
        private final ArrayDeque<Entry> entries = new ArrayDeque<>();
        private final Map<OperationId, Operation> progress = new LinkedHashMap<>();
        private Cursor cursor;        // all up to here is in the mailbox, was taken, or did not pass the filter
        private boolean behind = true;
        private boolean closed;

        private Subscription(Cursor cursor, Predicate<Operation> filter) {
            this.cursor = cursor;
            this.filter = filter;
        }

        /// What came: the edges first, in order, then the newest progress of operations that run. Empty: nothing within `patience`,
        /// or the subscription has ended (see [#isClosed]).
        public News next(Duration patience) throws InterruptedException {
            var nanos = patience.toNanos();
            own.lockInterruptibly();
            try {
                while (entries.isEmpty() && progress.isEmpty() && !behind && !closed && nanos > 0) {
                    nanos = arrived.awaitNanos(nanos);
                }
                if (entries.isEmpty() && behind && !closed) {
                    catchUp();
                }
                var news = new News(new ArrayList<>(entries), new ArrayList<>(progress.values()), cursor);
                entries.clear();
                progress.clear();
                return news;
            } finally {
                own.unlock();
            }
        }

        private void catchUp() {
            var read = reader.readAfter(cursor, BATCH);
            read.stream().filter(entry -> filter.test(entry.change().operation())).forEach(entries::add);
            if (!read.isEmpty()) {
                cursor = read.getLast().cursor();
            } else {
                behind = false;   // unless the feed's head has moved on meanwhile: then `offer` says so
            }
        }

        private void offer(Cursor from, List<Entry> read, List<Operation> running) {
            own.lock();
            try {
                if (behind) {
                    return;
                }
                if (cursor.compareTo(from) < 0 && !read.isEmpty() || entries.size() + read.size() > MAILBOX) {
                    behind = true;
                } else {
                    read.stream().filter(entry -> entry.cursor().compareTo(cursor) > 0 && filter.test(entry.change().operation())).forEach(entries::add);
                    if (!read.isEmpty() && read.getLast().cursor().compareTo(cursor) > 0) {
                        cursor = read.getLast().cursor();
                    }
                    running.stream().filter(filter).filter(operation -> progress.size() < MAILBOX).forEach(operation -> progress.put(operation.id(), operation));
                }
                arrived.signalAll();
            } finally {
                own.unlock();
            }
        }

        /// All up to here is in the mailbox, was taken, or did not pass the filter.
        public Cursor cursor() {
            own.lock();
            try {
                return cursor;
            } finally {
                own.unlock();
            }
        }

        public boolean isClosed() {
            own.lock();
            try {
                return closed && entries.isEmpty();
            } finally {
                own.unlock();
            }
        }

        private void end() {
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
            subscriptions.remove(this);
        }
    }

    /// @param cursor where to go on after all of it
    public record News(List<Entry> edges, List<Operation> progress, Cursor cursor) {

        public boolean isEmpty() {
            return edges.isEmpty() && progress.isEmpty();
        }
    }
}
