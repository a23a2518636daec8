package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database;
import dev.longhaul.bench.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// Submit, claim, run, completed, per second: from the first submission to the moment when the database has nothing
/// left to do. Submissions go on while the first are already run. Every round gives all contestants their turn.
final class Throughput {

    private static final long PATIENCE = 120_000_000_000L;

    private final Database database;
    private final Results results;

    Throughput(Database database, Results results) {
        this.database = database;
        this.results = results;
    }

    /// @param own      microseconds of processor per operation in the contestant's process
    /// @param database the same in PostgreSQL's
    private record Round(double perSecond, double own, double database) {}

    /// Operations per second by contestant, the median of the rounds.
    Map<String, Double> measure(List<Contestant> contestants, int operations, int rounds) throws Exception {
        var running = new ArrayList<>(contestants);
        running.removeIf(contestant -> !takesPart(contestant, operations / 2));   // to warm up
        var all = new LinkedHashMap<Contestant, List<Round>>();
        for (var round = 0; round < rounds; round++) {
            for (var contestant : running) {
                all.computeIfAbsent(contestant, _ -> new ArrayList<>())
                        .add(round(contestant, operations / contestant.share()));
            }
        }
        var medians = new LinkedHashMap<String, Double>();
        all.forEach((contestant, its) -> {
            medians.put(contestant.name(), median(its, Round::perSecond));
            results.row("%s (%s): submit -> completed of %,d".formatted(contestant.name(), contestant.settings(),
                    operations / contestant.share()),
                    "%,.0f operations/s (rounds %s); processor per operation: its own %.0f us, PostgreSQL %.0f us"
                    .formatted(median(its, Round::perSecond),
                            String.join(", ", its.stream().map(round -> "%,.0f".formatted(round.perSecond)).toList()),
                            median(its, Round::own), median(its, Round::database)));
        });
        return medians;
    }

    private boolean takesPart(Contestant contestant, int operations) {
        try {
            round(contestant, Math.max(1, operations / contestant.share()));
            return true;
        } catch (Exception broken) {
            results.row(contestant.name(), "takes no part: " + broken.getMessage());
            return false;
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
    }

    private Round round(Contestant contestant, int operations) throws Exception {
        var own = contestant.cpu();
        var server = database.cpu();
        var begin = System.nanoTime();
        contestant.submit(operations);
        while (!contestant.isIdle()) {
            LockSupport.parkNanos(10_000_000);
            if (System.nanoTime() - begin > PATIENCE) {
                throw new IllegalStateException(contestant.name() + " did not end " + operations
                        + " operations within two minutes");
            }
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        // a long run shows that it goes on
        System.err.printf("%s: %,d in %.1f s%n", contestant.name(), operations, seconds);
        return new Round(operations / seconds, each(contestant.cpu().minus(own), operations),
                each(database.cpu().minus(server), operations));
    }

    private static double each(Duration time, int operations) {
        return time.toNanos() / 1000.0 / operations;
    }
}
