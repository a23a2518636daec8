package dev.longhaul.live;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;

/// A daemon thread that repeats a round until it is stopped. An error of a round is logged, and the next round follows:
/// a loop that ended by itself would leave all that rely on it waiting.
public final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final long SHORTEST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 1_000;

    private final String name;
    private final Round round;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean isWoken;
    private volatile @Nullable Thread thread;
    private volatile long busySince;   // 0: between two rounds
    private long retryMillis = SHORTEST_RETRY_MILLIS;

    public Loop(String name, Round round) {
        this.name = name;
        this.round = round;
    }

    public interface Round {

        /// @return the pause until the next round
        Pause run() throws InterruptedException;
    }

    /// @param shortest a wake-up does not end the pause before it
    /// @param longest  without a wake-up, the next round follows then
    public record Pause(Duration shortest, Duration longest) {

        public static final Pause NONE = of(Duration.ZERO);
        /// Until a wake-up.
        public static final Pause ENDLESS = upTo(Duration.ofDays(1));

        /// No wake-up ends it.
        public static Pause of(Duration exactly) {
            return new Pause(exactly, exactly);
        }

        /// A wake-up ends it at once.
        public static Pause upTo(Duration longest) {
            return new Pause(Duration.ZERO, longest);
        }
    }

    /// A stopped loop can be started again.
    public void start() {
        var starting = Thread.ofPlatform().name(name).daemon().unstarted(this::repeat);
        thread = starting;   // before it runs: its first look at isCurrent() must see it
        starting.start();
    }

    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    public boolean isRunning() {
        return thread != null;
    }

    public String name() {
        return name;
    }

    /// False: the thread has ended without a stop.
    public boolean isAlive() {
        var running = thread;
        return running == null || running.isAlive();
    }

    /// The time since the present round began; zero between two rounds. A long time means a round that hangs.
    public Duration busy() {
        var since = busySince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /// The next round begins as soon as the pause allows. A wake-up during a round counts for the pause after it.
    public void wake() {
        if (isWoken) {
            return;
        }
        lock.lock();
        try {
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// For the loop's own thread: false after a stop, even if a new thread has been started.
    public boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    private void repeat() {
        while (isCurrent()) {
            try {
                await(runOnce());
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private Pause runOnce() throws InterruptedException {
        busySince = System.nanoTime();
        try {
            var pause = round.run();
            retryMillis = SHORTEST_RETRY_MILLIS;
            return pause;
        } catch (NestedRuntimeException database) {
            log.warn("{}: database unavailable, next try in {} ms: {}", name, retryMillis,
                    database.getMostSpecificCause().getMessage());
            return afterError();
        } catch (RuntimeException | Error unexpected) {
            log.error("{}: a round failed; the loop continues", name, unexpected);
            return afterError();
        } finally {
            busySince = 0;
        }
    }

    private Pause afterError() {
        var pause = Pause.of(Duration.ofMillis(retryMillis));
        retryMillis = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
        return pause;
    }

    private void await(Pause pause) throws InterruptedException {
        if (!pause.shortest.isZero()) {
            TimeUnit.NANOSECONDS.sleep(pause.shortest.toNanos());
        }
        lock.lockInterruptibly();
        try {
            var left = pause.longest.minus(pause.shortest).toNanos();
            while (!isWoken && left > 0) {
                left = changed.awaitNanos(left);
            }
            isWoken = false;
        } finally {
            lock.unlock();
        }
    }
}
