package dev.longhaul.bench.live;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What operations that nobody watches pay for being watchable, at full engine speed: the service as it is, and with
/// triggers that do not announce changes, in turns. (What is ready to be claimed is announced in both.)
final class Unwatched {

    private static final Pattern ANNOUNCEMENT = Pattern.compile("perform pg_notify\\('operation_changed'[^;]*;");
    private static final List<String> TRIGGERS = List.of("operation_inserted", "operation_updated");

    private final Service service;
    private final Results results;

    Unwatched(Service service, Results results) {
        this.service = service;
        this.results = results;
    }

    void measure(int operations, int rounds) throws Exception {
        var loud = new ArrayList<Double>();
        var silent = new ArrayList<Double>();
        try (var connection = service.database().superuser().connect(); var statement = connection.createStatement()) {
            var definitions = new ArrayList<String>();
            for (var trigger : TRIGGERS) {
                definitions.add(definition(statement, trigger));
            }
            run(operations);   // to warm up
            for (var round = 0; round < rounds; round++) {
                loud.add(run(operations));
                for (var definition : definitions) {
                    var changed = ANNOUNCEMENT.matcher(definition).replaceAll("null;");
                    if (changed.equals(definition)) {
                        throw new IllegalStateException("found no announcement in " + definition);
                    }
                    statement.execute(changed);
                }
                silent.add(run(operations));
                for (var definition : definitions) {
                    statement.execute(definition);
                }
            }
        }
        results.row("%,d operations that nobody watches, per second".formatted(operations),
                "%s announced, %s not".formatted(all(loud), all(silent)));
        results.target("live.unwatched.cost", 100 * (1 - median(loud) / median(silent)), 10, "%");
    }

    private static String definition(Statement statement, String function) throws SQLException {
        try (var row = statement.executeQuery("select pg_get_functiondef('" + function + "'::regproc)")) {
            row.next();
            return row.getString(1);
        }
    }

    private double run(int operations) throws Exception {
        var begin = System.nanoTime();
        service.post("/bench/run?count=" + operations);
        return operations / ((System.nanoTime() - begin) / 1e9);
    }

    private static String all(List<Double> rates) {
        return String.join(", ", rates.stream().map(rate -> String.format(Locale.ROOT, "%,.0f", rate)).toList());
    }

    private static double median(List<Double> rates) {
        return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
    }
}
