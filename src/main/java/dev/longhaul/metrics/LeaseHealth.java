package dev.longhaul.metrics;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// `DEGRADED`: the lease of a worker has expired, and its operations are being rescued.
@Component("leasesHealthIndicator")
class LeaseHealth implements HealthIndicator {

    private final BacklogSampler sampler;

    LeaseHealth(BacklogSampler sampler) {
        this.sampler = sampler;
    }

    @Override
    public Health health() {
        var sample = sampler.newest();
        if (sample == null) {
            return Health.unknown().withDetail("sampled", false).build();
        }
        return (sample.counts().lostWorkers() > 0 ? Health.status("DEGRADED") : Health.up())
                .withDetail("alive", sample.counts().aliveWorkers()).withDetail("lost", sample.counts().lostWorkers())
                        .build();
    }
}
