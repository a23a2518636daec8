package dev.longhaul.metrics;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// `DEGRADED` before the lock table, the connections or the transaction ids of the database server run short.
@Component("databaseLimitsHealthIndicator")
class DatabaseLimitsHealth implements HealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(DatabaseLimitsHealth.class);

    private final BacklogSampler sampler;
    private volatile List<String> told = List.of();

    DatabaseLimitsHealth(BacklogSampler sampler) {
        this.sampler = sampler;
    }

    @Override
    public Health health() {
        var sample = sampler.newest();
        if (sample == null) {
            return Health.unknown().withDetail("sampled", false).build();
        }
        var usage = sample.limits();
        var warnings = usage.warnings();
        if (!warnings.equals(told)) {
            warnings.forEach(log::warn);
            told = warnings;
        }
        return (warnings.isEmpty() ? Health.up() : Health.status("DEGRADED")).withDetail("warnings", warnings)
                .withDetail("locks", usage.locks() + " of " + usage.lockTable())
                .withDetail("connections", usage.connected() + " of " + usage.connections()).build();
    }
}
