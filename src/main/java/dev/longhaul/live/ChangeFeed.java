package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// All changes of all operations, in one order that every node agrees on, for whoever watches many at once.
///
/// The order is that of transaction ids. A sequence would not do: a lower value can commit after a higher one, and "id
/// > cursor" then loses an event (1.3 % of them, with eight writers). Here a change is told only once no transaction
/// with a lower id can still commit. So a transaction that stays open for long holds this feed up (not the streams of
/// single operations), and never makes it lose anything.
@Component
public class ChangeFeed implements NotificationHandler, SmartLifecycle {

    static final int BATCH = 500;
    /// A transaction of somebody else may have been in the way, and its end is not announced.
    static final Duration POLL = Duration.ofMillis(250);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final ChangeReader reader;
    private final NotificationListener listener;
    private final List<FeedSubscription> subscriptions = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<OperationId> moved = new LinkedHashSet<>();
    private @Nullable FeedCursor head;              // all up to here has been handed out; null: nobody subscribes
    private final Loop loop = new Loop("change feed", this::read);

    private Map<OperationId, Long> polled = Map.of();   // versions that the last poll found, while nothing is announced

    ChangeFeed(ChangeReader reader, NotificationListener listener) {
        this.reader = reader;
        this.listener = listener;
        listener.add(this);
    }

    /// One edge, at its place.
    public record Entry(FeedCursor cursor, Change change) {}

    /// @param from   where to go on; null: with what comes from now on
    /// @param filter which operations
    public FeedSubscription subscribe(@Nullable FeedCursor from, Predicate<Operation> filter) {
        lock.lock();
        try {
            if (head == null) {
                head = reader.newest();
            }
            var subscription = new FeedSubscription(this, reader, from == null ? head : from, filter);
            subscriptions.add(subscription);
            if (!isRunning()) {
                subscription.end();
            }
            loop.wake();
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /// False: what followed this place may be gone, with its partition or because the database is an older copy of
    /// itself. Its holder has to begin anew.
    public boolean knows(FeedCursor cursor) {
        return reader.knows(cursor);
    }

    /// How many watch here.
    public int count() {
        return subscriptions.size();
    }

    /// Whether nothing of this operation is told behind the place.
    public boolean isAllTold(FeedCursor cursor, OperationId operation) {
        return reader.isAllTold(cursor, operation);
    }

    void remove(FeedSubscription subscription) {
        subscriptions.remove(subscription);
    }

    @Override
    public boolean wantsChanges() {
        return !subscriptions.isEmpty();
    }

    @Override
    public void changed(Collection<OperationId> ids) {
        lock.lock();
        try {
            if (moved.size() < BATCH) {
                moved.addAll(ids);   // of mere progress, a sample is enough when very much changes
            }
            loop.wake();
        } finally {
            lock.unlock();
        }
    }

    private Pause read() {
        if (isUnused()) {
            return Pause.ENDLESS;
        }
        return handOut() ? Pause.of(INTERVAL) : new Pause(INTERVAL, POLL);
    }

    private boolean isUnused() {
        lock.lock();
        try {
            if (subscriptions.isEmpty()) {
                head = null;
                moved.clear();
            }
            return subscriptions.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// @return whether there are more changes to read
    private boolean handOut() {
        var ids = takeMoved();
        var from = head;
        if (from == null) {
            return false;
        }
        var entries = reader.readAfter(from, BATCH);
        var running = !listener.isListening() ? poll() : ids.isEmpty() ? List.<Operation>of() : reader.running(ids);
        lock.lock();
        try {
            if (!entries.isEmpty()) {
                head = entries.getLast().cursor();
            }
            subscriptions.forEach(subscription -> subscription.offer(from, entries, running));
            return entries.size() == BATCH;
        } finally {
            lock.unlock();
        }
    }

    /// What was not announced. Looks back further than to the poll before, since a change can commit later than it is
    /// dated.
    private List<Operation> poll() {
        var found = reader.moved(POLL.multipliedBy(8));
        var news = found.stream().filter(operation -> polled.getOrDefault(operation.id(), 0L) < operation.version())
                .toList();
        polled = found.stream().collect(Collectors.toMap(Operation::id, Operation::version));
        return news;
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
        loop.start();
    }

    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        loop.stop();
        subscriptions.forEach(FeedSubscription::end);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return 1;
    }
}
