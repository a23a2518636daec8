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

/// Samples the backlog for metrics and health. Every node reports the same numbers, so aggregate nodes by maximum, not
/// by sum.
@Component
class BacklogSampler implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BacklogSampler.class);

    private final Backlog backlog;
    private final MetricsSettings settings;
    private final MultiGauge depth;
    private final MultiGauge oldestAge;
    private @Nullable ScheduledExecutorService scheduler;
    private volatile @Nullable Sample newest;

    record Sample(List<Backlog.Queue> queues, Backlog.ClusterCounts counts) {}

    BacklogSampler(Backlog backlog, MetricsSettings settings, MeterRegistry registry) {
        this.backlog = backlog;
        this.settings = settings;
        this.depth = MultiGauge.builder("longhaul.queue.depth")
                .description("Claimable operations, at most " + Backlog.MAX_COUNT).register(registry);
        this.oldestAge = MultiGauge.builder("longhaul.queue.oldest")
                .description("How long the oldest claimable operation has been claimable")
                .baseUnit("seconds").register(registry);
        gauge(registry, "longhaul.operations", "running", Backlog.ClusterCounts::runningOperations);
        gauge(registry, "longhaul.operations", "delayed", Backlog.ClusterCounts::delayed);
        gauge(registry, "longhaul.workers", "alive", Backlog.ClusterCounts::aliveWorkers);
        gauge(registry, "longhaul.workers", "lost", Backlog.ClusterCounts::lostWorkers);
    }

    private void gauge(MeterRegistry registry, String name, String state,
            ToDoubleFunction<Backlog.ClusterCounts> number) {
        Gauge.builder(name, () -> newest == null ? Double.NaN : number.applyAsDouble(newest.counts()))
                .tag("state", state)
                .description("On all nodes together").register(registry);
    }

    /// Null: the last sample failed.
    @Nullable Sample newest() {
        return newest;
    }

    private void takeSample() {
        try {
            var sample = new Sample(backlog.queues(), backlog.clusterCounts());
            newest = sample;
            registerGauges(sample.queues());
        } catch (RuntimeException failed) {
            log.warn("could not sample the backlog: {}", failed.getMessage());
            newest = null;
            registerGauges(List.of());   // no value is better than an old one
        }
    }

    private void registerGauges(List<Backlog.Queue> queues) {
        depth.register(queues.stream().limit(100).map(queue -> MultiGauge.Row.of(Tags.of("queue", queue.name()),
                queue.depth())).toList(), true);
        oldestAge.register(queues.stream().limit(100).map(queue -> MultiGauge.Row.of(Tags.of("queue", queue.name()),
                queue.oldestAge().toMillis() / 1000.0)).toList(), true);
    }

    @Override
    public void start() {
        scheduler = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("backlog sampler").daemon()
                .factory());
        scheduler.scheduleWithFixedDelay(this::takeSample, 0, settings.sampleInterval().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        if (scheduler != null) {
            scheduler.shutdownNow();
            scheduler = null;
        }
    }

    @Override
    public boolean isRunning() {
        return scheduler != null;
    }
}
