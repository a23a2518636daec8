package dev.longhaul.metrics;

import dev.longhaul.store.DatabaseLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

    private static final int MAX_QUEUES = 100;

    private final Backlog backlog;
    private final DatabaseLimits limits;
    private final MetricsSettings settings;
    private final MeterRegistry registry;
    private final Set<String> registered = new HashSet<>();
    private @Nullable ScheduledExecutorService scheduler;
    private volatile @Nullable Sample newest;

    record Sample(List<Backlog.Queue> queues, Backlog.ClusterCounts counts, DatabaseLimits.Usage limits) {}

    BacklogSampler(Backlog backlog, DatabaseLimits limits, MetricsSettings settings, MeterRegistry registry) {
        this.backlog = backlog;
        this.limits = limits;
        this.settings = settings;
        this.registry = registry;
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
            var sample = new Sample(backlog.queues(), backlog.clusterCounts(), limits.usage());
            newest = sample;
            registerGauges(sample.queues());
        } catch (RuntimeException failed) {
            log.warn("could not sample the backlog: {}", failed.getMessage());
            newest = null;
        }
    }

    /// A queue keeps its gauges: one that is registered anew can be in a scrape twice.
    private void registerGauges(List<Backlog.Queue> queues) {
        queues.stream().map(Backlog.Queue::name).filter(name -> registered.size() < MAX_QUEUES && registered.add(name))
                .forEach(name -> {
                    gauge("longhaul.queue.depth", name, queue -> queue.depth()).description("Claimable operations, at most "
                            + Backlog.MAX_COUNT).register(registry);
                    gauge("longhaul.queue.oldest", name, queue -> queue.oldestAge().toMillis() / 1000.0)
                            .description("How long the oldest claimable operation has been claimable")
                            .baseUnit("seconds").register(registry);
                });
    }

    /// NaN while the last sample failed: no value is better than an old one. 0: nothing of the queue is claimable.
    private Gauge.Builder<Supplier<Number>> gauge(String name, String queue, ToDoubleFunction<Backlog.Queue> value) {
        Supplier<Number> newestValue = () -> {
            var sample = newest;
            return sample == null ? Double.NaN : sample.queues().stream()
                    .filter(sampled -> sampled.name().equals(queue)).mapToDouble(value).sum();
        };
        return Gauge.builder(name, newestValue).tag("queue", queue);
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
