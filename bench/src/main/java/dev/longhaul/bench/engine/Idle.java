package dev.longhaul.bench.engine;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;

/// A node that has nothing to do: how soon it starts what is submitted, and what it asks of its database meanwhile.
final class Idle {

    private static final Pattern PAIR = Pattern.compile("\\[(-?\\d+),(-?\\d+)]");

    private static final int SETTLING = 70_000;   // autovacuum comes once a minute

    private final Service service;
    private final Results results;

    Idle(Service service, Results results) {
        this.service = service;
        this.results = results;
    }

    void latency(int rounds) throws Exception {
        service.post("/bench/run?count=2000");
        service.post("/bench/latency?pause=10&rounds=200");   // to warm up
        var submit = new Latencies();
        var start = new Latencies();
        var pair = PAIR.matcher(service.post("/bench/latency?pause=20&rounds=" + rounds));
        while (pair.find()) {
            submit.add(Long.parseLong(pair.group(1)) / 1000);
            start.add(Math.max(0, Long.parseLong(pair.group(2)) / 1000));
        }
        results.row("idle: submit called -> returns, committed", submit);
        results.row("idle: submit returned -> its task starts", start);
        results.target("engine.latency.p50", start.at(50), 2, "ms");
        results.target("engine.latency.p99", start.at(99), 10, "ms");
    }

    /// Statements are counted as transactions of the service's database, each of which is one statement.
    void rest(int seconds) throws Exception {
        Thread.sleep(15_000);   // the start's own work ends
        var cost = cost(seconds);
        results.row("idle for %d s".formatted(seconds), cost);
        results.target("engine.idle.statements", cost.statements, 2, "/s");
        results.target("engine.idle.processor", cost.own, 1, "%");
    }

    private static double share(Duration cpu, int seconds) {
        return cpu.toNanos() / 1e7 / seconds;
    }

    private static long transactions(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
             var row = statement.executeQuery("select pg_stat_clear_snapshot(), xact_commit + xact_rollback from "
                     + "pg_stat_database where datname = 'longhaul'")) {
            row.next();
            return row.getLong(2);
        }
    }

    /// What a node costs beside so many operations that sleep, against the same node without them.
    void sleeping(int operations, int seconds) throws Exception {
        service.post("/bench/run?count=2000");   // the threads that it keeps are there
        Thread.sleep(SETTLING);
        var before = cost(seconds);
        var heap = service.heap().values().stream().mapToLong(Long::longValue).sum();
        service.post("/bench/sleep?count=" + operations);
        try (var connection = service.connect()) {
            for (var asleep = 0L; asleep < operations; asleep = asleep(connection)) {
                Thread.sleep(200);
            }
        }
        Thread.sleep(SETTLING);
        var after = cost(seconds);
        var heapAfter = service.heap().values().stream().mapToLong(Long::longValue).sum();
        results.row("a node with nothing to do", before);
        results.row("… with %,d operations that sleep for three days".formatted(operations), after);
        results.row("… heap", "%,d kB before, %,d kB after".formatted(heap / 1024, heapAfter / 1024));
        results.target("engine.sleeping.statements-more", after.statements - before.statements, 0.2, "/s");
        results.target("engine.sleeping.threads-more", after.threads - before.threads, 5, "");
        results.target("engine.sleeping.processor-more", after.own + after.server - before.own - before.server, 1, "%");
    }

    private record Cost(double statements, double own, double server, long threads) {
        @Override
        public String toString() {
            return "%.2f statements a second; service %.2f %% of a core, PostgreSQL %.2f %%; %d threads"
                    .formatted(statements, own, server, threads);
        }
    }

    private Cost cost(int seconds) throws Exception {
        try (var connection = service.database().superuser().connect()) {
            var statements = transactions(connection);
            var cpu = service.cpu();
            var server = service.database().cpu();
            Thread.sleep(seconds * 1000L);
            return new Cost((transactions(connection) - statements - 1) / (double) seconds,
                    share(service.cpu().minus(cpu), seconds),
                    share(service.database().cpu().minus(server), seconds),
                    Long.parseLong(service.post("/bench/threads")));
        }
    }

    private static long asleep(Connection connection) throws SQLException {
        try (var statement = connection.createStatement(); var row =
                statement.executeQuery("select count(*) from operation where waits_for = 'time'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
