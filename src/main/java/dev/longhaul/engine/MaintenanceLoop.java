package dev.longhaul.engine;

import dev.longhaul.live.IdleBackoff;
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
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Looks for what no announcement tells of: leases that ran out, operations whose time has come, and claimable work
/// whose announcement was lost. Once a second; while nothing changes, as seldom as the clock allows. An idle node asks
/// the database little else but its heartbeat, and once an hour for the partitions of the days to come.
@Component
class MaintenanceLoop {

    private static final Logger log = LoggerFactory.getLogger(MaintenanceLoop.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    /// A week of partitions ahead: so long may every try to make one meet a locked table.
    private static final int DAYS_AHEAD = 7;
    private static final Duration UPKEEP_ROUND = Duration.ofHours(1);
    private static final Duration UPKEEP_AGAIN = Duration.ofMinutes(1);

    private final WorkerStore workers;
    private final Partitions partitions;
    private final IdempotencyKeys keys;
    private final ConcurrencyStore turns;
    private final CountStore counts;
    private final WriteQueue news;
    private final Node node;
    private final EngineSettings settings;
    private final RunMeters meters;
    private final IdleBackoff rest;
    private long upkeepAt = System.nanoTime();

    MaintenanceLoop(WorkerStore workers, Partitions partitions, IdempotencyKeys keys, ConcurrencyStore turns,
            CountStore counts, WriteQueue news, Node node, EngineSettings settings,
              RunMeters meters, NotificationListener listener) {
        this.workers = workers;
        this.partitions = partitions;
        this.keys = keys;
        this.turns = turns;
        this.counts = counts;
        this.news = news;
        this.node = node;
        this.settings = settings;
        this.meters = meters;
        this.rest = new IdleBackoff(listener);
    }

    void lookForEver() {
        try {
            while (true) {
                if (System.nanoTime() - upkeepAt >= 0) {
                    upkeepAt = System.nanoTime() + UPKEEP_ROUND.toNanos();
                    makePartitions();
                    forgetOld();
                }
                var pause = look();
                if (pause.compareTo(ROUND) < 0) {
                    Thread.sleep(pause);
                } else {
                    rest.await(ROUND, pause);
                }
            }
        } catch (InterruptedException stopped) {
            // the engine is over
        }
    }

    private void makePartitions() {
        try {
            partitions.ensure(DAYS_AHEAD);
        } catch (RuntimeException notNow) {
            log.warn("could not make the partitions of the days to come; tried again in {}: {}", UPKEEP_AGAIN,
                    notNow.getMessage());
            upkeepAt = System.nanoTime() + UPKEEP_AGAIN.toNanos();
        }
    }

    private void forgetOld() {
        try {
            keys.forgetOld();
            turns.forgetOld();
        } catch (RuntimeException notNow) {
            log.warn("could not forget old idempotency keys and starts; tried again in {}: {}", UPKEEP_ROUND,
                    notNow.getMessage());
        }
    }

    /// @return when to look again at the latest
    private Duration look() {
        try {
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
            news.limited(chores.limited());
            chores.ready().forEach(news::ready);
            return Stream.of(LONGEST, orLongest(chores.nextDue()), orLongest(chores.nextExpiry()))
                    .min(Comparator.naturalOrder()).orElseThrow();
        } catch (DataAccessException away) {
            log.warn("could not look after the operations: {}", away.getMessage());
        } catch (RuntimeException | Error unexpected) {
            log.error("the caretaker goes on after", unexpected);
        }
        return ROUND;
    }

    private static boolean isNow(@Nullable Duration due) {
        return due != null && due.isZero();
    }

    private static Duration orLongest(@Nullable Duration due) {
        return due == null ? LONGEST : due;
    }

    /// Takes back what lost workers held.
    void rescue() {
        var freed = 0;
        var more = true;
        while (more) {
            var batch = workers.rescue(settings.lease(), settings.maxLosses(), node.name());
            freed += batch;
            more = batch >= 200;
        }
        if (freed > 0) {
            meters.rescued(freed);
            log.info("took {} operations back from lost workers", freed);
        }
    }
}
