package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database;
import dev.longhaul.bench.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The processor time of PostgreSQL for each operation, at paces of every day: operations are submitted one by one and
/// run at once. The cost of an idle contestant is measured apart and taken off.
final class Steady {

    private static final int[] PACES = {20, 100, 1_000};
    private static final long PATIENCE = 60_000_000_000L;

    private final Database database;
    private final Results results;
    private final boolean quick;

    Steady(Database database, Results results, boolean quick) {
        this.database = database;
        this.results = results;
        this.quick = quick;
    }

    void measure(List<Contestant> contestants) throws Exception {
        for (var contestant : contestants) {
            cost(contestant, 400, 100);   // warms up code, plans and caches
        }
        var idle = new LinkedHashMap<Contestant, Double>();
        for (var contestant : contestants) {
            idle.put(contestant, idle(contestant));
            results.row(contestant.name() + " (" + contestant.settings() + "): idle",
                    "%.2f ms of PostgreSQL's processor a second".formatted(idle.get(contestant) / 1e6));
        }
        for (var pace : PACES) {
            measure(contestants, idle, pace);
        }
    }

    private void measure(List<Contestant> contestants, Map<Contestant, Double> idle, int pace) throws Exception {
        var count = quick ? Math.max(200, pace * 2) : Math.max(2_000, pace * 20);
        var rounds = quick ? 3 : 5;
        var costs = new LinkedHashMap<Contestant, List<Double>>();
        for (var round = 0; round < rounds; round++) {
            for (var contestant : contestants) {
                costs.computeIfAbsent(contestant, _ -> new ArrayList<>())
                        .add(cost(contestant, count, pace) - idle.get(contestant) / pace);
            }
        }
        var medians = new LinkedHashMap<String, Double>();
        costs.forEach((contestant, all) -> {
            var sorted = all.stream().sorted().toList();
            medians.put(contestant.name(), sorted.get(sorted.size() / 2));
            results.row("%s: %,d operations at %,d/s".formatted(contestant.name(), count, pace),
                    "%.2f ms of PostgreSQL's processor each (rounds %s)".formatted(sorted.get(sorted.size() / 2) / 1e6,
                    String.join(", ", all.stream().map(cost -> "%.2f".formatted(cost / 1e6)).toList())));
        });
        var ours = medians.get("Longhaul");
        results.target("engine.steady." + pace + ".over-db-scheduler", ours / medians.get("db-scheduler"), 1.2, "x");
        results.target("engine.steady." + pace + ".over-graphile-worker", ours / medians.get("graphile-worker"), 1,
                "x");
        results.target("engine.steady." + pace + ".over-pg-boss", ours / medians.get("pg-boss"), 1, "x");
    }

    /// Nanoseconds a second.
    private double idle(Contestant contestant) throws Exception {
        var seconds = quick ? 10 : 60;
        var before = database.cpuNanos(contestant.database());
        LockSupport.parkNanos(seconds * 1_000_000_000L);
        return (database.cpuNanos(contestant.database()) - before) / (double) seconds;
    }

    /// Nanoseconds for each operation, the idle cost of that time included.
    private double cost(Contestant contestant, int count, int pace) throws Exception {
        var before = database.cpuNanos(contestant.database());
        var begin = System.nanoTime();
        contestant.submitAtPace(count, pace);
        var submitted = (System.nanoTime() - begin) / 1e9;
        while (!contestant.isIdle()) {
            LockSupport.parkNanos(20_000_000);
            if (System.nanoTime() - begin > submitted * 1e9 + PATIENCE) {
                throw new IllegalStateException(contestant.name() + " did not end " + count + " operations in time");
            }
        }
        System.err.printf("%s: %,d at %.0f/s%n", contestant.name(), count, count / submitted);
        return (database.cpuNanos(contestant.database()) - before) / (double) count;
    }
}
