package dev.longhaul.metrics;

import dev.longhaul.store.DatabaseProbe;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether the database answers and takes writes. It replaces the framework's indicator, which takes a connection of
/// the requests' pool.
@Component("dbHealthIndicator")
class DatabaseHealth implements HealthIndicator {

    private final DatabaseProbe probe;

    DatabaseHealth(DatabaseProbe probe) {
        this.probe = probe;
    }

    @Override
    public Health health() {
        var state = probe.state();
        return (state == DatabaseProbe.State.AVAILABLE ? Health.up() : Health.down())
                .withDetail("database", state.word())
                .withDetail("probed_seconds_ago", probe.silence().toMillis() / 1000.0).build();
    }
}
