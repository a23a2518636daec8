package dev.longhaul.metrics;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether all workers of this database keep their leases. `DEGRADED`: one was lost within the last minute or so, and
/// its operations are being taken back.
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
        return (sample.fleet().lost() > 0 ? Health.status("DEGRADED") : Health.up())
                .withDetail("alive", sample.fleet().workers()).withDetail("lost", sample.fleet().lost()).build();
    }
}
