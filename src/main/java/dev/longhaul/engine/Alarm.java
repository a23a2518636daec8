package dev.longhaul.engine;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// Rings once after a while, by the monotonic clock.
@Component
class Alarm {

    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("alarm").daemon().factory());

    Future<?> in(Duration delay, Runnable action) {
        return clock.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        clock.shutdownNow();
    }
}
