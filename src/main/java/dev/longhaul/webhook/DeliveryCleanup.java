package dev.longhaul.webhook;

import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Deletes old deliveries, and those of deleted webhooks, in batches. Each batch is a transaction, so that locks are
/// short. Concurrent nodes delete different rows.
@Component
class DeliveryCleanup extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryCleanup.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;
    private static final int MAX_BATCHES = 1_000;

    private final WebhookStore store;
    private final WebhookSettings settings;

    DeliveryCleanup(WebhookStore store, WebhookSettings settings) {
        super("delivery cleanup");
        this.store = store;
        this.settings = settings;
    }

    @Override
    protected Pause round() {
        try {
            var purged = purge(settings.deliveryRetention());
            if (purged > 0) {
                log.info("deleted {} webhook deliveries: older than {}, or of deleted webhooks", purged,
                        settings.deliveryRetention());
            }
        } catch (RuntimeException failed) {
            log.warn("could not delete old deliveries; next attempt in {}: {}", INTERVAL, failed.getMessage());
        }
        return Pause.of(INTERVAL);
    }

    /// @return number of deleted deliveries
    int purge(Duration older) {
        return purge(() -> store.purge(older, BATCH)) + purge(() -> store.purgeDeleted(BATCH));
    }

    private static int purge(IntSupplier batch) {
        var total = 0;
        for (var n = 0; n < MAX_BATCHES; n++) {
            var purged = batch.getAsInt();
            total += purged;
            if (purged < BATCH) {
                return total;
            }
        }
        return total;
    }
}
