package dev.longhaul.bench.engine;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One, two and four nodes on one database.
final class Nodes {

    private static final Pattern DEADLOCK = Pattern.compile("deadlock detected");

    private final Path root;
    private final List<String> settings;
    private final Results results;

    Nodes(Path root, List<String> settings, Results results) {
        this.root = root;
        this.settings = settings;
        this.results = results;
    }

    /// @param seconds how long all nodes work at the end, for the deadlocks
    void measure(int operations, int rounds, int seconds) throws Exception {
        var nodes = new ArrayList<Service>();
        try {
            nodes.add(Service.start(root, settings));
            results.about(nodes.getFirst());
            var rates = new LinkedHashMap<Integer, Double>();
            for (var count : List.of(1, 2, 4)) {
                while (nodes.size() < count) {
                    nodes.add(Service.join(root, nodes.getFirst(), settings));
                }
                rates.put(count, rate(nodes, operations, rounds));
                results.row(count + " nodes: submit -> completed of %,d".formatted(operations),
                        "%,.0f operations/s".formatted(rates.get(count)));
            }
            var until = System.nanoTime() + seconds * 1_000_000_000L;
            var more = 0L;
            try (var contestant = new LonghaulService(nodes.getFirst(), settings)) {
                for (; System.nanoTime() < until; more += operations) {
                    run(contestant, operations);
                }
            }
            var deadlocks = DEADLOCK.matcher(nodes.getFirst().database().log()).results().count();
            results.row("4 nodes for %d s more".formatted(seconds),
                    "%,d operations; deadlocks in PostgreSQL's log: %d".formatted(more, deadlocks));
            tell(rates, deadlocks);
        } finally {
            for (var node : nodes.reversed()) {
                node.close();
            }
        }
    }

    private void tell(Map<Integer, Double> rates, long deadlocks) {
        results.targetAtLeast("engine.nodes.two-over-one", rates.get(2) / rates.get(1), 1, "x");
        results.targetAtLeast("engine.nodes.four-over-one", rates.get(4) / rates.get(1), 1, "x");
        results.target("engine.nodes.deadlocks", deadlocks, 0, "");
    }

    private double rate(List<Service> nodes, int operations, int rounds) throws Exception {
        try (var contestant = new LonghaulService(nodes.getFirst(), settings)) {
            for (var warm = 0; warm < nodes.size(); warm++) {
                // a node that has just joined gets its share of each: until it has carried as many as the first had
                // before its rounds
                run(contestant, operations);
            }
            var rates = new ArrayList<Double>();
            for (var round = 0; round < rounds; round++) {
                rates.add(run(contestant, operations));
            }
            return rates.stream().sorted().skip(rounds / 2).findFirst().orElseThrow();
        }
    }

    private static double run(LonghaulService contestant, int operations) throws Exception {
        var begin = System.nanoTime();
        contestant.submitOnly(operations);
        while (!contestant.isIdle()) {
            Thread.sleep(10);
        }
        return operations / ((System.nanoTime() - begin) / 1e9);
    }
}
