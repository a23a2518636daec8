package dev.longhaul.schedule;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// The loop that starts what is due. It sleeps until the earliest moment of all schedules, however many there are; a
/// change of any wakes it.
@Component
class ScheduleLoop implements NotificationHandler, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ScheduleLoop.class);
    /// An announcement may be lost: no schedule that was made or moved meanwhile waits for longer.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(20);
    private static final Duration BETWEEN_FORGETTING = Duration.ofHours(1);

    private final DueScheduleRun round;
    private final ScheduleTable table;
    private final ScheduleSettings settings;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isChanged;
    private long forgetAt = System.nanoTime();
    private volatile @Nullable Thread thread;

    ScheduleLoop(DueScheduleRun round, ScheduleTable table, ScheduleSettings settings, Environment environment,
            NotificationListener listener) {
        this.round = round;
        this.table = table;
        this.settings = settings;
        this.environment = environment;
        listener.add(this);
    }

    @Override
    public void scheduleChanged() {
        lock.lock();
        try {
            isChanged = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void missed() {
        scheduleChanged();
    }

    @Override
    public void start() {
        if (settings.enabled()) {
            thread = Thread.ofPlatform().name("clock").daemon().start(this::tickForEver);
        }
    }

    private void tickForEver() {
        var node = name();
        try {
            while (true) {
                sleep(tick(node));
            }
        } catch (InterruptedException stopped) {
            // the service stops
        }
    }

    /// As the engine calls itself: host and port, unless set.
    private String name() {
        var named = environment.getProperty("longhaul.engine.name");
        try {
            return named == null ? InetAddress.getLocalHost().getHostName() + ":"
                    + environment.getProperty("local.server.port", "none") : named;
        } catch (UnknownHostException nameless) {
            return "localhost:" + environment.getProperty("local.server.port", "none");
        }
    }

    /// @return how long nothing is due
    private Duration tick(String node) {
        try {
            while (round.go(node) > 0) {
                if (Thread.currentThread().isInterrupted()) {
                    return Duration.ZERO;
                }
            }
            if (System.nanoTime() - forgetAt >= 0) {
                forgetAt = System.nanoTime() + BETWEEN_FORGETTING.toNanos();
                while (table.forgetFires(settings.keep()) > 0) {
                    log.debug("there are more fires to forget");
                }
            }
            return Duration.ofMillis(round.untilNext(LONGEST_SLEEP.toMillis()));
        } catch (DataAccessException | TransactionException away) {
            log.warn("could not look after the schedules: {}", away.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("the clock goes on after", unexpected);
        }
        return Duration.ofSeconds(1);
    }

    private void sleep(Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = longest.toNanos();
            while (!isChanged && left > 0) {
                left = changed.awaitNanos(left);
            }
            isChanged = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// After the web server has its port, and with the engine: what it starts should find slots.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 99;
    }
}
