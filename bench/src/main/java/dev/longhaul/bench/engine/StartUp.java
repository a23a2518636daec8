package dev.longhaul.bench.engine;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// From the start of the process to its first claim, on a database that is there and has something to do: the jar as it
/// is, unpacked, and unpacked with an AOT cache that a run before has written.
final class StartUp {

    private final Path root;
    private final Results results;

    StartUp(Path root, Results results) {
        this.root = root;
        this.results = results;
    }

    void measure(int rounds) throws Exception {
        try (var database = Service.start(root, List.of("--longhaul.engine.enabled=false"))) {
            results.about(database);
            var cache = root.resolve("bench/target/longhaul.aot");
            Files.deleteIfExists(cache);
            var unpacked = unpacked();
            // the run that writes the cache, as it ends
            start(database, List.of(List.of("-XX:AOTCacheOutput=" + cache), unpacked));
            tell("java -jar", database, rounds, List.of(List.of("-jar", Service.jar(root).toString())));
            tell("unpacked", database, rounds, List.of(unpacked));
            if (Files.exists(cache)) {
                tell("unpacked, AOT cache of %,d MB".formatted(Files.size(cache) >> 20), database, rounds,
                        List.of(List.of("-XX:AOTCache=" + cache), unpacked));
            } else {
                results.row("AOT cache", "was not written");
            }
        }
    }

    private List<String> unpacked() throws Exception {
        var app = Service.unpacked(root);
        return List.of("-jar", app.resolve(Service.jar(root).getFileName()).toString());
    }

    private void tell(String how, Service database, int rounds, List<List<String>> command) throws Exception {
        var seconds = new ArrayList<Double>();
        for (var round = 0; round < rounds; round++) {
            seconds.add(start(database, command));
        }
        results.row("start of the process -> first claim, " + how, "%.1f s (median of %d: %s)".formatted(
                seconds.stream().sorted().skip(rounds / 2).findFirst().orElseThrow(), rounds, seconds.stream()
                .map("%.1f"::formatted).toList()));
    }

    private double start(Service database, List<List<String>> command) throws Exception {
        var login = database.database().service();
        var all = new ArrayList<>(List.of(Service.jdk("java")));
        command.forEach(all::addAll);
        all.addAll(List.of("--server.port=0", "--spring.datasource.url=" + login.url(), "--spring.datasource.username="
                + login.user(),
                "--spring.datasource.password=" + login.password(), "--spring.flyway.enabled=false",
                "--longhaul.simulation.any-type=true"));
        var id = submit(database);
        var begin = System.nanoTime();
        var process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var connection = database.connect()) {
            while (!isStarted(connection, id)) {
                if (!process.isAlive() || System.nanoTime() - begin > Duration.ofSeconds(120).toNanos()) {
                    throw new IOException("the service did not start: " + String.join(" ", all));
                }
                Thread.sleep(10);
            }
            return (System.nanoTime() - begin) / 1e9;
        } finally {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {   // the AOT cache is written now
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static String submit(Service database) throws SQLException, IOException {
        try (var connection = database.connect(); var statement = connection.createStatement();
             var row = statement.executeQuery("insert into operation (type, input) values ('simulation', "
                     + "'{\"duration_seconds\": 0, \"steps\": 1}') returning id")) {
            row.next();
            return row.getString(1);
        }
    }

    private static boolean isStarted(Connection connection, String id) throws SQLException {
        try (var statement = connection.createStatement();
             var row = statement.executeQuery("select started_at is not null from operation where id = '" + id + "'")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
