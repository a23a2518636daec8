package dev.longhaul.metrics;

import java.util.LinkedHashMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// `DEGRADED`: an operation has been claimable for longer than `longhaul.metrics.max-pending-age`. There are too few
/// slots, or no node has its task.
@Component("backlogHealthIndicator")
class BacklogHealth implements HealthIndicator {

    private final BacklogSampler sampler;
    private final MetricsSettings settings;

    BacklogHealth(BacklogSampler sampler, MetricsSettings settings) {
        this.sampler = sampler;
        this.settings = settings;
    }

    @Override
    public Health health() {
        var sample = sampler.newest();
        if (sample == null) {
            return Health.unknown().withDetail("sampled", false).build();
        }
        var isLate = sample.queues().stream()
                .anyMatch(queue -> queue.oldestAge().compareTo(settings.maxPendingAge()) > 0);
        var queues = new LinkedHashMap<String, Object>();
        sample.queues().stream().limit(100)
                .forEach(queue -> queues.put(queue.name(),
                new Depth(queue.depth(), queue.oldestAge().toMillis() / 1000.0)));
        return (isLate ? Health.status("DEGRADED") : Health.up()).withDetail("queues", queues)
                .withDetail("running", sample.counts().runningOperations())
                        .withDetail("delayed", sample.counts().delayed()).build();
    }

    record Depth(long depth, double oldest_seconds) {}
}
