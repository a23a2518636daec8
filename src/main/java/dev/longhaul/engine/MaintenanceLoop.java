package dev.longhaul.engine;

import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.ConcurrencyStore;
import dev.longhaul.store.CountStore;
import dev.longhaul.store.IdempotencyKeys;
import dev.longhaul.store.Partitions;
import dev.longhaul.store.WorkerStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Finds what no notification tells: expired leases, operations that are due, and claimable work whose notification was
/// lost. It looks once a second, and on an idle node every five seconds; once an hour it creates partitions and purges
/// old keys.
@Component
class MaintenanceLoop {

    private static final Logger log = LoggerFactory.getLogger(MaintenanceLoop.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(5);
    /// Partition creation may fail for a week without harm.
    private static final int DAYS_AHEAD = 7;
    private static final Duration HOURLY = Duration.ofHours(1);
    private static final Duration RETRY_HOURLY = Duration.ofMinutes(1);
    private static final int FULL_RESCUE = 200;

    private final WorkerStore workers;
    private final Partitions partitions;
    private final IdempotencyKeys keys;
    private final ConcurrencyStore concurrency;
    private final CountStore counts;
    private final WriteQueue queue;
    private final Node node;
    private final EngineSettings settings;
    private final RunMeters meters;
    private final Loop loop = new Loop("maintenance", this::maintain);
    private final IdleBackoff backoff;
    private long hourlyAt = System.nanoTime();

    MaintenanceLoop(WorkerStore workers, Partitions partitions, IdempotencyKeys keys, ConcurrencyStore concurrency,
            CountStore counts, WriteQueue queue, Node node, EngineSettings settings, RunMeters meters,
            NotificationListener listener) {
        this.workers = workers;
        this.partitions = partitions;
        this.keys = keys;
        this.concurrency = concurrency;
        this.counts = counts;
        this.queue = queue;
        this.node = node;
        this.settings = settings;
        this.meters = meters;
        this.backoff = new IdleBackoff(listener, loop);
    }

    Loop loop() {
        return loop;
    }

    private Pause maintain() {
        if (System.nanoTime() - hourlyAt >= 0) {
            hourlyAt = System.nanoTime() + HOURLY.toNanos();
            createPartitions();
            purge();
        }
        var pause = look();
        return pause.compareTo(INTERVAL) < 0 ? Pause.of(pause) : backoff.pause(INTERVAL, pause);
    }

    private void createPartitions() {
        try {
            partitions.ensure(DAYS_AHEAD);
        } catch (RuntimeException failed) {
            log.warn("could not create partitions ahead; next try in {}: {}", RETRY_HOURLY, failed.getMessage());
            hourlyAt = System.nanoTime() + RETRY_HOURLY.toNanos();
        }
    }

    private void purge() {
        try {
            keys.forgetOld();
            concurrency.forgetOld();
        } catch (RuntimeException failed) {
            log.warn("could not purge old idempotency keys and rate limit starts; next try in {}: {}", HOURLY,
                    failed.getMessage());
        }
    }

    /// @return the longest time until the next look
    private Duration look() {
        var chores = workers.look();
        if (chores.lost()) {
            rescue();
        }
        if (chores.uncounted()) {
            counts.fold();
        }
        if (isNow(chores.nextDue()) || isNow(chores.nextExpiry())) {
            workers.wake(node.name());
            workers.expire(node.name());
            return Duration.ofMillis(1);   // there may be more
        }
        queue.found(chores.ready(), chores.limited());
        return Stream.of(IDLE_INTERVAL, orIdle(chores.nextDue()), orIdle(chores.nextExpiry()))
                .min(Comparator.naturalOrder()).orElseThrow();
    }

    private static boolean isNow(@Nullable Duration due) {
        return due != null && due.isZero();
    }

    private static Duration orIdle(@Nullable Duration due) {
        return due == null ? IDLE_INTERVAL : due;
    }

    /// Takes back the operations of lost workers.
    void rescue() {
        var rescued = 0;
        var batch = FULL_RESCUE;
        while (batch >= FULL_RESCUE) {
            batch = workers.rescue(settings.lease(), settings.maxWorkerLosses(), node.name());
            rescued += batch;
        }
        if (rescued > 0) {
            meters.rescued(rescued);
            log.info("took back {} operations of lost workers", rescued);
        }
    }
}
