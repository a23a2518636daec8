package dev.longhaul.metrics;

import java.util.LinkedHashMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether what could run does. `DEGRADED`: something has waited longer than `longhaul.observe.oldest-pending`: too few
/// slots, or no node that has its task.
@Component("backlogHealthIndicator")
class BacklogHealth implements HealthIndicator {

    private final BacklogSampler sampler;
    private final ObserveSettings settings;

    BacklogHealth(BacklogSampler sampler, ObserveSettings settings) {
        this.sampler = sampler;
        this.settings = settings;
    }

    @Override
    public Health health() {
        var sample = sampler.newest();
        if (sample == null) {
            return Health.unknown().withDetail("sampled", false).build();
        }
        var isLate = sample.queues().stream().anyMatch(queue -> queue.oldest().compareTo(settings.oldestPending()) > 0);
        var queues = new LinkedHashMap<String, Object>();
        sample.queues().stream().limit(100)
                .forEach(queue -> queues.put(queue.name(),
                new Depth(queue.depth(), queue.oldest().toMillis() / 1000.0)));
        return (isLate ? Health.status("DEGRADED") : Health.up()).withDetail("queues", queues)
                .withDetail("running", sample.fleet().running()).withDetail("parked", sample.fleet().parked()).build();
    }

    record Depth(long depth, double oldest_seconds) {}
}
