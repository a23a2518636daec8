package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger log = LoggerFactory.getLogger(Subscribers.class);
    private static final int BATCH = 500;

    private final ChangeReader reader;
    private final NotificationListener listener;
    private final LiveSettings settings;
    private final Map<OperationId, List<Subscriber>> byOperation = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<OperationId> toLookAt = new LinkedHashSet<>();
    private final Loop loop = new Loop("watchers", () -> lookAt(batch()));

    Subscribers(ChangeReader reader, NotificationListener listener, LiveSettings settings) {
        this.reader = reader;
        this.listener = listener;
        this.settings = settings;
        listener.add(this);
    }

    /// @param seen the version the watcher has already; 0: none, and the operation as it is now comes first
    public Subscriber watch(OperationId id, long seen) {
        var watcher = new Subscriber(this, id, seen, settings.mailbox());
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
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void missed() {
        changed(byOperation.keySet());
    }

    /// What each of the due operations' watchers has at least. A watcher is asked without our lock, since one that has
    /// emptied its mailbox takes it while it holds its own.
    private Map<OperationId, Long> batch() throws InterruptedException {
        var batch = new HashMap<OperationId, Long>();
        for (var id : due()) {
            byOperation.getOrDefault(id, List.of()).stream().mapToLong(Subscriber::seen).min()
                    .ifPresent(seen -> batch.put(id, seen));
        }
        return batch;
    }

    /// Waits for ids to look at; without LISTEN, all that are watched are due after a while.
    private List<OperationId> due() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var patience = settings.poll().toNanos();
            while (toLookAt.isEmpty() && patience > 0) {
                patience = news.awaitNanos(patience);
            }
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

    private void lookAt(Map<OperationId, Long> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        try {
            reader.read(batch).forEach((id, changes) ->
                    byOperation.getOrDefault(id, List.of()).forEach(watcher -> watcher.offer(batch.get(id), changes)));
        } catch (DataAccessException away) {
            log.warn("could not look at {} watched operations, again soon: {}", batch.size(), away.getMessage());
            Thread.sleep(200);
            changed(batch.keySet());
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
