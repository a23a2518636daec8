package dev.longhaul.engine;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.ConcurrencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// Gives slots of concurrency keys to the operations that wait for them.
///
/// A notification names each key that has a new waiting operation or a free slot, and the dispatcher checks that key
/// alone. A key whose rate is used up is checked again when the rate allows a start. All nodes are notified; the first
/// gives the slots. A look at all keys with waiting operations makes up for lost notifications.
@Component
class ConcurrencyDispatcher implements NotificationHandler {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration INTERVAL_WITHOUT_LISTEN = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int MAX_AT_ONCE = 100;

    private final ConcurrencyStore store;
    private final Node node;
    private final NotificationListener listener;
    private final Loop loop = new Loop("concurrency dispatcher", this::dispatch);
    private final Map<String, Long> checkAt = new HashMap<>();   // by key
    private volatile long checkAllAt = System.nanoTime();

    ConcurrencyDispatcher(ConcurrencyStore store, Node node, NotificationListener listener) {
        this.store = store;
        this.node = node;
        this.listener = listener;
        listener.add(this);
    }

    Loop loop() {
        return loop;
    }

    @Override
    public void concurrencyChanged(String key) {
        check(key, Duration.ZERO);
        loop.wake();
    }

    @Override
    public void missed() {
        checkAllAt = System.nanoTime();
        loop.wake();
    }

    private void check(String key, Duration in) {
        synchronized (checkAt) {
            checkAt.merge(key, System.nanoTime() + in.toNanos(), (one, other) -> one - other < 0 ? one : other);
        }
    }

    private Pause dispatch() {
        if (System.nanoTime() - checkAllAt >= 0) {
            checkAllAt = System.nanoTime()
                    + (listener.isListening() ? INTERVAL : INTERVAL_WITHOUT_LISTEN).toNanos();
            give(store.keys());
        }
        give(takeDue());
        synchronized (checkAt) {
            var now = System.nanoTime();
            var untilKey = checkAt.values().stream().mapToLong(at -> at - now).min().orElse(Long.MAX_VALUE);
            return Pause.upTo(Duration.ofNanos(Math.max(0, Math.min(untilKey, checkAllAt - now))));
        }
    }

    private List<String> takeDue() {
        synchronized (checkAt) {
            var now = System.nanoTime();
            var due = checkAt.entrySet().stream().filter(key -> key.getValue() - now <= 0).map(Map.Entry::getKey)
                    .toList();
            due.forEach(checkAt::remove);
            return due;
        }
    }

    private void give(List<String> keys) {
        for (var from = 0; from < keys.size(); from += MAX_AT_ONCE) {
            var some = keys.subList(from, Math.min(keys.size(), from + MAX_AT_ONCE));
            try {
                for (var given : store.give(some, node.name())) {
                    if (given.more()) {
                        check(given.key(), Duration.ZERO);
                    } else if (given.again() != null) {
                        check(given.key(), given.again());
                    }
                }
            } catch (RuntimeException failed) {
                keys.subList(from, keys.size()).forEach(key -> check(key, RETRY));
                throw failed;
            }
        }
    }
}
