package dev.longhaul.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Looks at the backlog from time to time, for meters and health alike. Every node tells the same of it, so take the
/// maximum over nodes, not the sum.
@Component
class BacklogSampler implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BacklogSampler.class);

    private final Backlog backlog;
    private final ObserveSettings settings;
    private final MultiGauge depth;
    private final MultiGauge oldest;
    private @Nullable ScheduledExecutorService clock;
    private volatile @Nullable Sample newest;

    record Sample(List<Backlog.Queue> queues, Backlog.Fleet fleet) {}

    BacklogSampler(Backlog backlog, ObserveSettings settings, MeterRegistry registry) {
        this.backlog = backlog;
        this.settings = settings;
        this.depth = MultiGauge.builder("longhaul.queue.depth")
                .description("Operations that could be claimed, at most " + Backlog.MOST).register(registry);
        this.oldest = MultiGauge.builder("longhaul.queue.oldest")
                .description("For how long the one that waits longest could have been claimed")
                .baseUnit("seconds").register(registry);
        gauge(registry, "longhaul.operations", "running", Backlog.Fleet::running);
        gauge(registry, "longhaul.operations", "parked", Backlog.Fleet::parked);
        gauge(registry, "longhaul.workers", "alive", Backlog.Fleet::workers);
        gauge(registry, "longhaul.workers", "lost", Backlog.Fleet::lost);
    }

    private void gauge(MeterRegistry registry, String name, String state, ToDoubleFunction<Backlog.Fleet> number) {
        Gauge.builder(name, () -> newest == null ? Double.NaN : number.applyAsDouble(newest.fleet()))
                .tag("state", state)
                .description("On all nodes together").register(registry);
    }

    /// Null: the database did not answer the last time.
    @Nullable Sample newest() {
        return newest;
    }

    private void look() {
        try {
            var sample = new Sample(backlog.queues(), backlog.fleet());
            newest = sample;
            tell(sample.queues());
        } catch (RuntimeException away) {
            log.warn("could not look at the backlog: {}", away.getMessage());
            newest = null;
            tell(List.of());   // no number rather than an old one
        }
    }

    private void tell(List<Backlog.Queue> queues) {
        depth.register(queues.stream().limit(100).map(queue -> MultiGauge.Row.of(Tags.of("queue", queue.name()),
                queue.depth())).toList(), true);
        oldest.register(queues.stream().limit(100).map(queue -> MultiGauge.Row.of(Tags.of("queue", queue.name()),
                queue.oldest().toMillis() / 1000.0)).toList(), true);
    }

    @Override
    public void start() {
        clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("sampler").daemon().factory());
        clock.scheduleWithFixedDelay(this::look, 0, settings.sample().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        if (clock != null) {
            clock.shutdownNow();
            clock = null;
        }
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }
}
