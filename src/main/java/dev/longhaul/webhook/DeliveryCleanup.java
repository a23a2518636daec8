package dev.longhaul.webhook;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Lets old deliveries go, a small part at a time: each is a commit of its own, so that nobody waits for it. Nodes that
/// are at it at once take different ones.
@Component
class DeliveryCleanup implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryCleanup.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int PART = 1_000;
    private static final int MOST_PARTS = 1_000;

    private final WebhookStore store;
    private final WebhookSettings settings;
    private final Loop loop = new Loop("delivery cleanup", this::cleanUp);

    DeliveryCleanup(WebhookStore store, WebhookSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    private Pause cleanUp() {
        try {
            var forgotten = forget(settings.keepDeliveries());
            if (forgotten > 0) {
                log.info("{} deliveries of webhooks are forgotten, since they are older than {}", forgotten,
                        settings.keepDeliveries());
            }
        } catch (RuntimeException notNow) {
            log.warn("could not let old deliveries go; tried again in {}: {}", INTERVAL, notNow.getMessage());
        }
        return Pause.of(INTERVAL);
    }

    /// @return how many
    int forget(Duration older) {
        var all = 0;
        for (var part = 0; part < MOST_PARTS; part++) {
            var forgotten = store.forget(older, PART);
            all += forgotten;
            if (forgotten < PART) {
                return all;
            }
        }
        return all;
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
