package dev.longhaul.history;

import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.ChainStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Seals what was written to the history a moment ago, and sums it up once a day.
@Component
class ChainLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ChainLoop.class);
    /// A turn takes as many transactions as bring about so many entries.
    private static final long ENTRIES = 20_000;
    private static final long MOST_TRANSACTIONS = 1L << 40;
    private static final int PAUSE = 4;
    /// A transaction that was in the way ends without a word, and so does a day.
    private static final Duration IDLE_INTERVAL = Duration.ofMinutes(1);

    private final ChainStore seals;
    private final ChainSettings settings;
    private final @Nullable AnchorKey key;
    private final Loop loop = new Loop("hash chain", this::extend);
    private final IdleBackoff backoff;
    private long transactions = 1_000;

    ChainLoop(ChainStore seals, ChainSettings settings, NotificationListener listener) {
        this.seals = seals;
        this.settings = settings;
        this.backoff = new IdleBackoff(listener, loop);
        this.key = settings.signingKey() == null ? null : new AnchorKey(settings.signingKey());
    }

    private Pause extend() {
        var behind = seal();
        return behind.isPositive() ? Pause.of(behind) : backoff.pause(settings.every(), IDLE_INTERVAL);
    }

    /// @return when to go on; zero: nothing is left
    private Duration seal() {
        var began = System.nanoTime();
        try {
            var sealed = seals.seal(transactions);
            if (sealed.isBehind()) {
                transactions = sealed.entries() > ENTRIES
                        ? Math.max(100, transactions / 2) : Math.min(MOST_TRANSACTIONS, transactions * 2);
                return Duration.ofNanos((System.nanoTime() - began) * PAUSE);
            }
            var made = seals.anchor(true);
            if (made > 0) {
                log.info("the history was summed up in {} new anchors", made);
            }
            if (key != null) {
                key.signAll(seals);
            }
        } catch (RuntimeException notNow) {
            log.warn("could not seal the history; tried again in {}: {}", settings.every(), notNow.getMessage());
        }
        return Duration.ZERO;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }
}
