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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// All changes of all operations, in one order for all nodes, for subscribers of many operations.
///
/// The order is that of transaction ids, raised where an operation's earlier entry has a higher one. A sequence would
/// lose events, since a lower value can commit after a higher one (1.3 % lost with eight writers). A change is handed
/// out once no transaction with a lower id can still commit. So a long transaction delays this feed, not the streams of
/// single operations, and loses nothing.
@Component
public class ChangeFeed extends LoopLifecycle implements NotificationHandler {

    static final int BATCH = 500;
    /// The end of a transaction that delayed the feed is not announced.
    static final Duration POLL = Duration.ofMillis(250);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final ChangeReader reader;
    private final NotificationListener listener;
    private final List<FeedSubscription> subscriptions = new CopyOnWriteArrayList<>();
    private final Set<OperationId> moved = new LinkedHashSet<>();
    private @Nullable FeedCursor head;              // handed out up to here; null: no subscriptions

    private Map<OperationId, Long> polled = Map.of();   // versions of the last poll, while LISTEN is lost

    ChangeFeed(ChangeReader reader, NotificationListener listener) {
        super("change feed");
        this.reader = reader;
        this.listener = listener;
        listener.add(this);
    }

    /// One state change and its cursor.
    public record Entry(FeedCursor cursor, Change change) {}

    /// @param from   the cursor of the last change seen; null: from now on
    /// @param filter which operations
    public synchronized FeedSubscription subscribe(@Nullable FeedCursor from, Predicate<Operation> filter) {
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
    }

    /// False: changes after this cursor may be gone, with their partition or by a restored backup. The client starts
    /// again without a cursor.
    public boolean knows(FeedCursor cursor) {
        return reader.knows(cursor);
    }

    /// The number of subscriptions at this node.
    public int count() {
        return subscriptions.size();
    }

    /// Whether the feed has no change of this operation after the cursor.
    public boolean isUpToDate(FeedCursor cursor, OperationId operation) {
        return reader.isUpToDate(cursor, operation);
    }

    void remove(FeedSubscription subscription) {
        subscriptions.remove(subscription);
    }

    @Override
    public boolean wantsChanges() {
        return !subscriptions.isEmpty();
    }

    @Override
    public synchronized void changed(Collection<OperationId> ids) {
        if (moved.size() < BATCH) {
            moved.addAll(ids);   // of mere progress, a sample is enough when very much changes
        }
        loop.wake();
    }

    @Override
    protected Pause round() {
        if (isUnused()) {
            return Pause.ENDLESS;
        }
        return handOut() ? Pause.of(INTERVAL) : new Pause(INTERVAL, POLL);
    }

    private synchronized boolean isUnused() {
        if (subscriptions.isEmpty()) {
            head = null;
            moved.clear();
        }
        return subscriptions.isEmpty();
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
        synchronized (this) {
            if (!entries.isEmpty()) {
                head = entries.getLast().cursor();
            }
            subscriptions.forEach(subscription -> subscription.offer(from, entries, running));
            return entries.size() == BATCH;
        }
    }

    /// Running operations that changed since the last poll. It looks back further, since a change can commit later than
    /// its timestamp.
    private List<Operation> poll() {
        var found = reader.moved(POLL.multipliedBy(8));
        var changed = found.stream().filter(operation -> polled.getOrDefault(operation.id(), 0L) < operation.version())
                .toList();
        polled = found.stream().collect(Collectors.toMap(Operation::id, Operation::version));
        return changed;
    }

    private synchronized Set<OperationId> takeMoved() {
        var ids = Set.copyOf(moved);
        moved.clear();
        return ids;
    }

    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        loop.stop();
        subscriptions.forEach(FeedSubscription::end);
    }

    @Override
    public int getPhase() {
        return 1;
    }
}
