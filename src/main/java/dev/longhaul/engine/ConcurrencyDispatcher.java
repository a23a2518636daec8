package dev.longhaul.engine;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.ConcurrencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Gives operations their turn whose concurrency key has a free place.
///
/// It is told of every key that somebody lines up for or whose place is given back, and looks at that key alone; at a
/// key whose rate is used up it looks again when the rate allows. All nodes are told, and the first one does it.
/// Announcements that were lost are made up for by a look at all keys that have somebody in line, now and then.
@Component
class ConcurrencyDispatcher implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(ConcurrencyDispatcher.class);
    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final Duration DEAF_ROUND = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(500);
    private static final int AT_ONCE = 100;

    private final ConcurrencyStore store;
    private final Node node;
    private final NotificationListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private final Map<String, Long> lookAt = new HashMap<>();   // when to look at a key
    private long roundAt = System.nanoTime();

    ConcurrencyDispatcher(ConcurrencyStore store, Node node, NotificationListener listener) {
        this.store = store;
        this.node = node;
        this.listener = listener;
        listener.add(this);
    }

    @Override
    public void turn(String key) {
        look(key, Duration.ZERO);
    }

    private void look(String key, Duration in) {
        lock.lock();
        try {
            lookAt.merge(key, System.nanoTime() + in.toNanos(), (one, other) -> one - other < 0 ? one : other);
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void missed() {
        lock.lock();
        try {
            roundAt = System.nanoTime();
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void giveForEver() {
        try {
            while (true) {
                var keys = next();
                try {
                    give(keys.isEmpty() ? store.keys() : keys);
                } catch (DataAccessException away) {
                    log.warn("could not give turns: {}", away.getMessage());
                    keys.forEach(key -> look(key, BREATH));
                    Thread.sleep(BREATH);
                } catch (RuntimeException | Error unexpected) {
                    log.error("the loop of turns goes on after", unexpected);
                    Thread.sleep(BREATH);
                }
            }
        } catch (InterruptedException stopped) {
            // the engine is over
        }
    }

    /// @return the keys to look at; none: look for all that have somebody in line
    private List<String> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = System.nanoTime();
                if (roundAt - now <= 0) {
                    roundAt = now + (listener.isListening() ? ROUND : DEAF_ROUND).toNanos();
                    return List.of();
                }
                var due = lookAt.entrySet().stream().filter(key -> key.getValue() - now <= 0).map(Map.Entry::getKey)
                        .toList();
                if (!due.isEmpty()) {
                    due.forEach(lookAt::remove);
                    return due;
                }
                var wait = lookAt.values().stream().mapToLong(at -> at - now).min().orElse(Long.MAX_VALUE);
                some.await(Math.min(wait, roundAt - now), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void give(List<String> keys) {
        for (var from = 0; from < keys.size(); from += AT_ONCE) {
            for (var given : store.give(keys.subList(from, Math.min(keys.size(), from + AT_ONCE)), node.name())) {
                if (given.more()) {
                    turn(given.key());
                } else if (given.again() != null) {
                    look(given.key(), given.again());
                }
            }
        }
    }
}
