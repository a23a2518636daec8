package dev.longhaul.engine;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// Metrics of this node's runs, from what the node knows anyway: no statement, and per end two map look-ups and three
/// atomic adds.
@Component
class RunMeters {

    /// Of types and of queues; further names count as `other`. A client that invents names must not fill the memory of
    /// the metrics server.
    private static final int MAX_NAMES = 100;
    private static final String OTHER = "other";
    private static final Duration[] WAITS =
            durations("PT0.005S PT0.025S PT0.1S PT0.5S PT1S PT5S PT30S PT1M PT5M PT30M PT1H");
    private static final Duration[] RUNS = durations("PT0.01S PT0.1S PT1S PT10S PT1M PT5M PT30M PT1H PT6H PT24H");

    /// A timer overflows at 292 years, and people may type any time.
    private static final Duration MAX_WAIT = Duration.ofDays(36_500);

    private final MeterRegistry registry;
    private final Timer batches;
    private final Counter rescued;
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final Map<String, String> queues = new ConcurrentHashMap<>();
    private final Map<String, Timer> waits = new ConcurrentHashMap<>();
    private final Map<Work, Timer> runs = new ConcurrentHashMap<>();
    private final Map<Ended, Counter> ends = new ConcurrentHashMap<>();

    private record Work(String type, String queue) {}

    private record Ended(String type, String queue, Class<? extends Outcome> outcome) {}

    RunMeters(MeterRegistry registry, Node node, EngineSettings settings) {
        this.registry = registry;
        this.batches = Timer.builder("longhaul.batch").description("One batch of the run writer, with its commit")
                .register(registry);
        this.rescued = Counter.builder("longhaul.rescued")
                .description("Operations that this node took back from lost workers").register(registry);
        Gauge.builder("longhaul.slots", settings, EngineSettings::slots)
                .description("How many operations may run at once on this node").register(registry);
        Gauge.builder("longhaul.slots.used", node, it -> it.runs().size()).description("How many run")
                .register(registry);
    }

    /// A run begins: it waited since it could have been claimed.
    void began(Operation operation) {
        var waited = Duration.between(operation.runAt(), operation.updatedAt());
        waits.computeIfAbsent(known(queues, operation.queue()), queue -> Timer.builder("longhaul.queue.wait")
                .serviceLevelObjectives(WAITS)
                .description("From when a run could be claimed to when it was").tag("queue", queue).register(registry))
                .record(waited.isNegative() ? Duration.ZERO : waited.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : waited);
    }

    /// The database has the run's outcome.
    void ended(Run run, Outcome outcome) {
        var work = new Work(known(types, run.claim().operation().type()), known(queues, run.queue()));
        runs.computeIfAbsent(work, _ -> Timer.builder("longhaul.run")
                .description("From a run's claim to its end at this node").serviceLevelObjectives(RUNS)
                .tags("type", work.type, "queue", work.queue).register(registry)).record(run.age());
        ends.computeIfAbsent(new Ended(work.type, work.queue, outcome.getClass()),
                end -> Counter.builder("longhaul.runs")
                .description("Runs that ended: completed, failed, cancelled; retry, waits, released go on later")
                .tags("type", end.type, "queue", end.queue, "outcome",
                        end.outcome.getSimpleName().toLowerCase(Locale.ROOT)).register(registry)).increment();
    }

    void rescued(int operations) {
        rescued.increment(operations);
    }

    <T> T batch(Supplier<T> statement) {
        return batches.record(statement);
    }

    private static String known(Map<String, String> names, String name) {
        var known = names.get(name);
        if (known == null) {
            return names.size() < MAX_NAMES ? names.computeIfAbsent(name, itself -> itself) : OTHER;
        }
        return known;
    }

    private static Duration[] durations(String texts) {
        return Arrays.stream(texts.split(" ")).map(Duration::parse).toArray(Duration[]::new);
    }
}
