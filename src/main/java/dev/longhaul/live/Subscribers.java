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
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// All who watch at this node, and the one thread that looks for them.
///
/// To begin a watch is the same as to hear of a change: the id is put among those to look at. So there is no moment
/// between "read the present" and "hear the future" in which something could be missed.
@Component
public class Subscribers implements NotificationHandler, SmartLifecycle {

    private static final int BATCH = 500;

    private final ChangeReader reader;
    private final NotificationListener listener;
    private final LiveSettings settings;
    private final Map<OperationId, List<Subscriber>> byOperation = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<OperationId> toLookAt = new LinkedHashSet<>();
    private final Loop loop = new Loop("subscribers", this::offerChanges);

    Subscribers(ChangeReader reader, NotificationListener listener, LiveSettings settings) {
        this.reader = reader;
        this.listener = listener;
        this.settings = settings;
        listener.add(this);
    }

    /// @param seen the version the watcher has already; 0: none, and the operation as it is now comes first
    public Subscriber watch(OperationId id, long seen) {
        var watcher = new Subscriber(this, id, seen, settings.subscriberBuffer());
        byOperation.compute(id, (_, present) -> {
            var all = present == null ? new CopyOnWriteArrayList<Subscriber>() : present;
            all.add(watcher);
            return all;
        });
        look(id);
        if (!isRunning()) {
            watcher.end();
        }
        return watcher;
    }

    /// How many watch here.
    public int count() {
        return byOperation.values().stream().mapToInt(List::size).sum();
    }

    void remove(Subscriber watcher) {
        byOperation.computeIfPresent(watcher.id(), (_, all) -> {
            all.remove(watcher);
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
        lock.lock();
        try {
            ids.stream().filter(byOperation::containsKey).forEach(toLookAt::add);
        } finally {
            lock.unlock();
        }
        loop.wake();
    }

    @Override
    public void missed() {
        changed(byOperation.keySet());
    }

    private Pause offerChanges() {
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
    private List<OperationId> takeDue() {
        lock.lock();
        try {
            if (toLookAt.isEmpty() && !listener.isListening()) {
                toLookAt.addAll(byOperation.keySet());
            }
            var due = toLookAt.stream().limit(BATCH).toList();
            due.forEach(toLookAt::remove);
            return due;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasMore() {
        lock.lock();
        try {
            return !toLookAt.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    /// Before anything else stops, every watch ends: its client comes back, here or elsewhere, with the version it has.
    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        loop.stop();
        byOperation.values().forEach(all -> all.forEach(Subscriber::end));
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// Before the web server.
    @Override
    public int getPhase() {
        return 1;
    }
}
