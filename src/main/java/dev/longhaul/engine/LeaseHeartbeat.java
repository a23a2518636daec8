package dev.longhaul.engine;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.WorkerStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Keeps the node's lease, and its view of its runs true.
@Component
class LeaseHeartbeat implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(LeaseHeartbeat.class);

    private final WorkerStore workers;
    private final Node node;
    private final TaskRunner runner;
    private final WriteQueue news;
    private final EngineSettings settings;
    private final MeterRegistry registry;
    private Set<UUID> strays = Set.of();
    private volatile long lastBeat = System.nanoTime();

    LeaseHeartbeat(WorkerStore workers, Node node, TaskRunner runner, WriteQueue news, EngineSettings settings,
            NotificationListener listener, MeterRegistry registry) {
        this.workers = workers;
        this.node = node;
        this.runner = runner;
        this.news = news;
        this.settings = settings;
        this.registry = registry;
        listener.add(this);
    }

    void beatForEver() {
        Gauge.builder("longhaul.lease.age", this, heart -> heart.sinceBeat().toMillis() / 1000.0).baseUnit("seconds")
                .description("Since this node last renewed its lease").register(registry);
        try {
            while (true) {
                Thread.sleep(settings.beat());
                beat();
            }
        } catch (InterruptedException stopped) {
            // the engine is over
        }
    }

    Duration sinceBeat() {
        return Duration.ofNanos(System.nanoTime() - lastBeat);
    }

    private void beat() {
        var now = System.nanoTime();
        try {
            var isDraining = workers.beat(node.id(), settings.lease());
            if (isDraining.isPresent()) {
                lastBeat = now;
                news.drain(isDraining.get());
            } else {
                log.warn("this node was declared lost: it stops {} runs and begins anew", node.runs().size());
                loseAll();
                node.reenter();
                lastBeat = now;
            }
            if (!node.runs().isEmpty() || !strays.isEmpty() || node.isInDoubt()) {
                compare();
            }
        } catch (DataAccessException away) {
            log.warn("the lease could not be renewed: {}", away.getMessage());
            if (Duration.ofNanos(now - lastBeat).compareTo(settings.lease().minus(settings.beat())) > 0) {
                loseAll();   // others may take over from now on
            }
        } catch (RuntimeException | Error unexpected) {
            log.error("the heart goes on after", unexpected);
        }
    }

    private void loseAll() {
        List.copyOf(node.runs()).forEach(run -> runner.order(run, Run.StopReason.LEASE_LOST));
    }

    /// What the database says of this node's runs: those that it knows nothing of were taken away by hand, those that
    /// only it knows were claimed in a turn whose answer was lost.
    private void compare() {
        var here = new ArrayList<>(node.runs());
        var there = workers.runs(node.id());
        here.stream().filter(run -> !there.contains(run.runId()))
                .forEach(run -> runner.order(run, Run.StopReason.LEASE_LOST));
        var unknown = new HashSet<>(there);
        unknown.removeIf(node::has);
        var again = unknown.stream().filter(strays::contains).toList();
        if (!again.isEmpty()) {
            workers.disown(node.id(), again, node.name(), "its claim was not heard by the worker");
        }
        strays = unknown;
        if (!here.isEmpty()) {
            var orders = workers.orders(node.id()).stream()
                    .collect(Collectors.toMap(WorkerStore.Order::id, order -> order.cancel()
                    ? Wish.CANCEL : Wish.PAUSE));
            here.forEach(run -> obey(run, orders.getOrDefault(run.id(), Wish.RESUME)));
        }
    }

    @Override
    public void drained(UUID worker, boolean isDraining) {
        if (worker.equals(node.id())) {
            news.drain(isDraining);
        }
    }

    @Override
    public void ordered(OperationId id, Wish wish) {
        node.runs().stream().filter(run -> run.id().equals(id)).forEach(run -> obey(run, wish));
    }

    private void obey(Run run, Wish wish) {
        switch (wish) {
            case CANCEL -> runner.order(run, Run.StopReason.CANCEL);
            case PAUSE -> runner.order(run, Run.StopReason.PAUSE);
            case RESUME -> run.mayGoOn();
        }
    }
}
