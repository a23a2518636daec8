package dev.longhaul.engine;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// Rings once after a while, by the monotonic clock.
@Component
class Timers {

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().name("alarm").daemon().factory());

    Timers() {
        clock.setRemoveOnCancelPolicy(true);   // else a day's timeouts of runs long ended stay in memory for a day
    }

    Future<?> in(Duration delay, Runnable action) {
        return clock.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        clock.shutdownNow();
    }
}
