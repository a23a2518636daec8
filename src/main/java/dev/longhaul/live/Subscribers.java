package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.OperationId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// All subscribers at this node, and the loop that reads for them.
///
/// A new subscription is treated as a notification: its operation is read in the next round. So no change can be missed
/// between the first read and the first notification.
@Component
public class Subscribers extends LoopLifecycle implements NotificationHandler {

    private static final int BATCH = 500;

    private final ChangeReader reader;
    private final NotificationListener listener;
    private final LiveSettings settings;
    private final Map<OperationId, List<Subscriber>> byOperation = new ConcurrentHashMap<>();
    private final Set<OperationId> toRead = new LinkedHashSet<>();

    Subscribers(ChangeReader reader, NotificationListener listener, LiveSettings settings) {
        super("subscribers");
        this.reader = reader;
        this.listener = listener;
        this.settings = settings;
        listener.add(this);
    }

    /// @param seen the version that the subscriber has; 0: none, and the present operation comes first
    public Subscriber subscribe(OperationId id, long seen) {
        var subscriber = new Subscriber(this, id, seen, settings.subscriberBuffer());
        byOperation.compute(id, (_, present) -> {
            var all = present == null ? new CopyOnWriteArrayList<Subscriber>() : present;
            all.add(subscriber);
            return all;
        });
        look(id);
        if (!isRunning()) {
            subscriber.end();
        }
        return subscriber;
    }

    /// The number of subscribers at this node.
    public int count() {
        return byOperation.values().stream().mapToInt(List::size).sum();
    }

    void remove(Subscriber subscriber) {
        byOperation.computeIfPresent(subscriber.id(), (_, all) -> {
            all.remove(subscriber);
            return all.isEmpty() ? null : all;
        });
    }

    void look(OperationId id) {
        changed(List.of(id));
    }

    @Override
    public boolean wantsChanges() {
        return !byOperation.isEmpty();
    }

    @Override
    public void changed(Collection<OperationId> ids) {
        synchronized (this) {
            ids.stream().filter(byOperation::containsKey).forEach(toRead::add);
        }
        loop.wake();
    }

    @Override
    public void missed() {
        changed(byOperation.keySet());
    }

    @Override
    protected Pause round() {
        var batch = batch();
        if (!batch.isEmpty()) {
            try {
                reader.read(batch).forEach((id, changes) -> byOperation.getOrDefault(id, List.of())
                        .forEach(subscriber -> subscriber.offer(batch.get(id), changes)));
            } catch (DataAccessException unavailable) {
                changed(batch.keySet());
                throw unavailable;
            }
        }
        return hasMore() ? Pause.NONE : Pause.upTo(settings.poll());
    }

    /// The oldest version among the subscribers of each operation. A subscriber is asked without this lock: one that
    /// empties its buffer takes this lock while it holds its own.
    private Map<OperationId, Long> batch() {
        var batch = new HashMap<OperationId, Long>();
        for (var id : takeDue()) {
            byOperation.getOrDefault(id, List.of()).stream().mapToLong(Subscriber::seen).min()
                    .ifPresent(seen -> batch.put(id, seen));
        }
        return batch;
    }

    /// While LISTEN is lost, all operations with subscribers are due in each round.
    private synchronized List<OperationId> takeDue() {
        if (toRead.isEmpty() && !listener.isListening()) {
            toRead.addAll(byOperation.keySet());
        }
        var due = toRead.stream().limit(BATCH).toList();
        due.forEach(toRead::remove);
        return due;
    }

    private synchronized boolean hasMore() {
        return !toRead.isEmpty();
    }

    /// Before anything else stops, every subscription ends: its client returns, here or elsewhere, with its version.
    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        loop.stop();
        byOperation.values().forEach(all -> all.forEach(Subscriber::end));
    }

    /// Before the web server.
    @Override
    public int getPhase() {
        return 1;
    }
}
