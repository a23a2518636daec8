package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry;
import dev.longhaul.bench.chaos.journal.Entry.Told;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/// Judges the judge: it must accept a recorded run, and find each bug that is planted into a copy of it.
public final class SelfTest {

    private static final List<String> TABLES = List.of("operation", "operation_history", "operation_step",
            "input_request", "chain_digest", "operation_count", "count_delta", "idempotency_key", "schedule",
            "scheduled_run", "workflow", "workflow_node", "workflow_dependency");

    private SelfTest() {
    }

    /// @param connection to the database of the run, as its superuser
    /// @param journal    of the run
    /// @return true: the judge made no mistake
    public static boolean passes(Connection connection, List<Entry> journal) throws SQLException {
        record(connection);
        var entries = inOrder(journal);
        var verdicts = Judge.judge(connection, entries);
        verdicts.forEach(System.out::println);
        var mistakes = verdicts.stream().filter(verdict -> !verdict.word().equals("ok")).count();
        System.out.printf("%nthe recorded run: %s%n%n", mistakes == 0 ? "accepted" : "NOT ACCEPTED");
        var found = 0;
        for (var bug : PlantedBugs.ALL) {
            found += finds(connection, entries, bug) ? 1 : 0;
        }
        System.out.printf("%nfound %d of %d planted bugs%n", found, PlantedBugs.ALL.size());
        return mistakes == 0 && found == PlantedBugs.ALL.size();
    }

    /// The judge is tested here, not the service: what the feed told of an operation is put into the order of its
    /// history.
    private static List<Entry> inOrder(List<Entry> entries) {
        var all = new ArrayList<>(entries);
        var places = new HashMap<String, List<Integer>>();
        for (var n = 0; n < entries.size(); n++) {
            if (entries.get(n) instanceof Told told && told.seq() > 0 && !told.subscriber().startsWith("operation")) {
                places.computeIfAbsent(told.subscriber() + told.operation(), _ -> new ArrayList<>()).add(n);
            }
        }
        places.values().forEach(indexes -> {
            var sorted = indexes.stream().map(entries::get).sorted(Comparator.comparingInt(entry ->
                    ((Told) entry).seq())).toList();
            for (var n = 0; n < sorted.size(); n++) {
                all.set(indexes.get(n), sorted.get(n));
            }
        });
        return all;
    }

    /// Into tables without triggers and constraints.
    private static void record(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create schema recorded");
            for (var table : TABLES) {
                statement.execute("create table recorded." + table + " as table public." + table);
            }
            statement.execute("set search_path = recorded, public");
            statement.execute("analyze");
        }
    }

    /// In a transaction that is rolled back, so that each bug is alone.
    private static boolean finds(Connection connection, List<Entry> entries, PlantedBug bug) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var planted = bug.journal().apply(entries);
            var changes = planted.equals(entries) ? 0 : 1;
            try (var statement = connection.createStatement()) {
                for (var sql : bug.sql()) {
                    changes += statement.executeUpdate(sql);
                }
            }
            var verdict = Judge.judge(connection, planted).stream()
                    .filter(one -> one.promise().equals(bug.promise())).findFirst().orElseThrow();
            var isFound = changes > 0 && verdict.isViolated();
            System.out.printf("%-9s  %s: %s%n", isFound ? "found" : changes == 0 ? "NO PLACE" : "NOT FOUND", bug.name(),
                    isFound ? verdict.violations().getFirst() : bug.promise());
            return isFound;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
