package dev.longhaul.live;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether notifications arrive. `DEGRADED`: not, or late. Streams continue by polling, so the node stays in service.
@Component("listenerHealthIndicator")
class ListenerHealth implements HealthIndicator {

    private final NotificationListener listener;
    private final LiveSettings settings;

    ListenerHealth(NotificationListener listener, LiveSettings settings) {
        this.listener = listener;
        this.settings = settings;
    }

    @Override
    public Health health() {
        var lag = listener.lag();
        var isLate = lag.compareTo(settings.poll()) > 0;
        return (listener.isListening() && !isLate ? Health.up() : Health.status("DEGRADED"))
                .withDetail("listening", listener.isListening())
                        .withDetail("notify_lag_seconds", lag.toNanos() / 1_000 / 1e6).build();
    }
}
