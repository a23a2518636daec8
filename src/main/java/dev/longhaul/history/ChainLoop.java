package dev.longhaul.history;

import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.ChainStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Adds new history entries to the hash chains, and creates and signs an anchor once a day.
@Component
class ChainLoop extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ChainLoop.class);
    /// The number of transactions per round adapts to this number of entries.
    private static final long TARGET_ENTRIES = 20_000;
    private static final long MAX_TRANSACTIONS = 1L << 40;
    private static final int PAUSE_FACTOR = 4;
    /// The end of an older transaction and the end of a day are not announced.
    private static final Duration IDLE_INTERVAL = Duration.ofMinutes(1);

    private final ChainStore chain;
    private final ChainSettings settings;
    private final @Nullable AnchorKey key;
    private final IdleBackoff backoff;
    private long transactions = 1_000;

    ChainLoop(ChainStore chain, ChainSettings settings, NotificationListener listener) {
        super("hash chain");
        this.chain = chain;
        this.settings = settings;
        this.backoff = new IdleBackoff(listener, loop);
        this.key = settings.signingKey() == null ? null : new AnchorKey(settings.signingKey());
    }

    @Override
    protected Pause round() {
        var delay = extend();
        return delay.isPositive() ? Pause.of(delay) : backoff.pause(settings.interval(), IDLE_INTERVAL);
    }

    /// @return delay before the next round; zero: no entries are left
    private Duration extend() {
        var startedAt = System.nanoTime();
        try {
            var extended = chain.seal(transactions);
            if (extended.isBehind()) {
                transactions = extended.entries() > TARGET_ENTRIES
                        ? Math.max(100, transactions / 2) : Math.min(MAX_TRANSACTIONS, transactions * 2);
                return Duration.ofNanos((System.nanoTime() - startedAt) * PAUSE_FACTOR);
            }
            var anchors = chain.anchor(true);
            if (anchors > 0) {
                log.info("created {} anchors of the history", anchors);
            }
            if (key != null) {
                key.signAll(chain);
            }
        } catch (RuntimeException failed) {
            log.warn("could not extend the hash chain; next attempt in {}: {}", settings.interval(),
                    failed.getMessage());
        }
        return Duration.ZERO;
    }
}
