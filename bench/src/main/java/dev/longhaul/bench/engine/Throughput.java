package dev.longhaul.bench.engine;

import dev.longhaul.bench.Results;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Submit, claim, run, completed, per second: from the first submission to the moment when the database has nothing left to do. Submissions go
/// on while the first are already run. Every round gives all contestants their turn.
final class Throughput {

    private static final long PATIENCE = 120_000_000_000L;

    private final Results results;

    Throughput(Results results) {
        this.results = results;
    }

    /// Operations per second by contestant, the median of the rounds.
    Map<String, Double> measure(List<Contestant> contestants, int operations, int rounds) throws Exception {
        for (var contestant : contestants) {
            round(contestant, Math.max(1, operations / 2 / contestant.share()));   // to warm up
        }
        var rates = new LinkedHashMap<String, double[]>();
        for (var round = 0; round < rounds; round++) {
            for (var contestant : contestants) {
                rates.computeIfAbsent(contestant.name(), _ -> new double[rounds])[round] = round(contestant, operations / contestant.share());
            }
        }
        var medians = new LinkedHashMap<String, Double>();
        contestants.forEach(contestant -> {
            var sorted = rates.get(contestant.name()).clone();
            Arrays.sort(sorted);
            medians.put(contestant.name(), sorted[sorted.length / 2]);
            results.row("%s (%s): submit -> completed of %,d, per second".formatted(contestant.name(), contestant.settings(), operations / contestant.share()),
                    "%,.0f  (rounds %s)".formatted(medians.get(contestant.name()), all(rates.get(contestant.name()))));
        });
        return medians;
    }

    private static String all(double[] rates) {
        return String.join(", ", Arrays.stream(rates).mapToObj(rate -> String.format(Locale.ROOT, "%,.0f", rate)).toList());
    }

    private static double round(Contestant contestant, int operations) throws Exception {
        var begin = System.nanoTime();
        contestant.submit(operations);
        while (!contestant.isIdle()) {
            LockSupport.parkNanos(10_000_000);
            if (System.nanoTime() - begin > PATIENCE) {
                throw new IllegalStateException(contestant.name() + " did not end " + operations + " operations within two minutes");
            }
        }
        return operations / ((System.nanoTime() - begin) / 1e9);
    }
}
