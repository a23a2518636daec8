package dev.longhaul.engine;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether this node runs operations. `DOWN`: one of its loops has ended, and only a restart helps. `DEGRADED`: a loop
/// hangs or the lease was not renewed in time, so other nodes take its operations over.
@Component("engineHealthIndicator")
class EngineHealth implements HealthIndicator {

    private final Engine engine;
    private final Node node;
    private final WriteQueue queue;
    private final LeaseHeartbeat heartbeat;
    private final EngineSettings settings;

    EngineHealth(Engine engine, Node node, WriteQueue queue, LeaseHeartbeat heartbeat, EngineSettings settings) {
        this.engine = engine;
        this.node = node;
        this.queue = queue;
        this.heartbeat = heartbeat;
        this.settings = settings;
    }

    @Override
    public Health health() {
        if (!engine.isRunning()) {
            return Health.up().withDetail("worker", settings.enabled()
                    ? "not started" : "longhaul.engine.enabled is false").build();
        }
        var age = heartbeat.leaseAge();
        return status(age).withDetail("worker", node.name()).withDetail("running", node.runs().size())
                .withDetail("slots", settings.slots()).withDetail("draining", queue.isDraining())
                .withDetail("lease_renewed_seconds_ago", age.toMillis() / 1000.0).build();
    }

    private Health.Builder status(Duration leaseAge) {
        var dead = engine.deadLoops();
        if (!dead.isEmpty()) {
            return Health.down().withDetail("ended", dead);
        }
        var hanging = engine.hangingLoops();
        if (!hanging.isEmpty()) {
            return Health.status("DEGRADED").withDetail("hanging", hanging);
        }
        return leaseAge.compareTo(settings.lease()) > 0 || heartbeat.isStalled()
                ? Health.status("DEGRADED") : Health.up();
    }
}
