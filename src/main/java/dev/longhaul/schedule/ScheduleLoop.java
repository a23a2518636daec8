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

/// Starts the due runs of all schedules. It sleeps until the next run of any schedule; a change of a schedule wakes it.
@Component
class ScheduleLoop implements NotificationHandler, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ScheduleLoop.class);
    /// Upper bound of the delay after a lost notification.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(20);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final DueScheduleRun dueRuns;
    private final ScheduleTable table;
    private final ScheduleSettings settings;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isChanged;
    private long purgeAt = System.nanoTime();
    private volatile @Nullable Thread thread;

    ScheduleLoop(DueScheduleRun round, ScheduleTable table, ScheduleSettings settings, Environment environment,
            NotificationListener listener) {
        this.dueRuns = round;
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
            thread = Thread.ofPlatform().name("schedule loop").daemon().start(this::tickForEver);
        }
    }

    private void tickForEver() {
        var node = name();
        try {
            while (true) {
                sleep(tick(node));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// The name of the node, as in the engine: host and port unless set.
    private String name() {
        var named = environment.getProperty("longhaul.engine.name");
        try {
            return named == null ? InetAddress.getLocalHost().getHostName() + ":"
                    + environment.getProperty("local.server.port", "none") : named;
        } catch (UnknownHostException nameless) {
            return "localhost:" + environment.getProperty("local.server.port", "none");
        }
    }

    /// @return time until the next run
    private Duration tick(String node) {
        try {
            while (dueRuns.run(node) > 0) {
                if (Thread.currentThread().isInterrupted()) {
                    return Duration.ZERO;
                }
            }
            if (System.nanoTime() - purgeAt >= 0) {
                purgeAt = System.nanoTime() + PURGE_INTERVAL.toNanos();
                while (table.purgeRuns(settings.runLogRetention()) > 0) {
                    log.debug("there are more runs to purge");
                }
            }
            return Duration.ofMillis(dueRuns.untilNext(LONGEST_SLEEP.toMillis()));
        } catch (DataAccessException | TransactionException failed) {
            log.warn("could not process the schedules: {}", failed.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("schedule loop continues after", unexpected);
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

    /// After the web server, whose port is in the node's name, and together with the engine, which runs the operations.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 99;
    }
}
