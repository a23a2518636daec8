package dev.longhaul.engine;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether this node carries operations. `DOWN`: one of its loops has ended, which only a restart mends; `DEGRADED`: it
/// could not renew its lease in time, so others take its operations over.
@Component("engineHealthIndicator")
class EngineHealth implements HealthIndicator {

    private final Engine engine;
    private final Node node;
    private final WriteQueue news;
    private final LeaseHeartbeat heart;
    private final EngineSettings settings;

    EngineHealth(Engine engine, Node node, WriteQueue news, LeaseHeartbeat heart, EngineSettings settings) {
        this.engine = engine;
        this.node = node;
        this.news = news;
        this.heart = heart;
        this.settings = settings;
    }

    @Override
    public Health health() {
        if (!engine.isRunning()) {
            return Health.up().withDetail("worker", settings.enabled()
                    ? "not at work" : "longhaul.engine.enabled is false").build();
        }
        var dead = engine.deadLoops();
        var age = heart.sinceBeat();
        var health = !dead.isEmpty() ? Health.down().withDetail("ended", dead) : age.compareTo(settings.lease()) > 0
                ? Health.status("DEGRADED") : Health.up();
        return health.withDetail("worker", node.name()).withDetail("running", node.runs().size())
                .withDetail("slots", settings.slots()).withDetail("draining", news.isDraining())
                .withDetail("lease_renewed_seconds_ago", seconds(age)).build();
    }

    private static double seconds(Duration age) {
        return age.toMillis() / 1000.0;
    }
}
