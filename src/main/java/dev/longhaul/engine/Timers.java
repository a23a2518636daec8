package dev.longhaul.engine;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// Runs actions once, after a delay by the monotonic executor.
@Component
class Timers {

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().name("run timers").daemon().factory());

    Timers() {
        executor.setRemoveOnCancelPolicy(true);   // else a day's timeouts of runs long ended stay in memory for a day
    }

    Future<?> in(Duration delay, Runnable action) {
        return executor.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }
}
