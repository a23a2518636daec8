package dev.longhaul.bench.engine;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/// Many operations at once, beside COPY of the same rows into the same table without its triggers. Nothing is run
/// meanwhile.
final class Bulk {

    private final Service service;
    private final Path root;
    private final Results results;

    Bulk(Service service, Path root, Results results) {
        this.service = service;
        this.root = root;
        this.results = results;
    }

    void measure(int rows, int rounds) throws Exception {
        var login = service.database().create("copied");
        var ours = new ArrayList<Double>();
        var copied = new ArrayList<Double>();
        try (var connection = login.connect()) {
            prepare(connection);
            ours(rows);
            copy(connection, rows);
            for (var round = 0; round < rounds; round++) {
                ours.add(ours(rows));
                copied.add(copy(connection, rows));
            }
        }
        var median = median(ours);
        results.row("%,d operations submitted, 10,000 in one call, with history and NOTIFY".formatted(rows),
                "%,.0f rows/s".formatted(median));
        results.row("COPY of as many rows, 10,000 a time, without triggers", "%,.0f rows/s".formatted(median(copied)));
        results.targetAtLeast("engine.bulk.over-copy", median / median(copied), 0.5, "x");
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
    }

    private double ours(int rows) throws Exception {
        return rows / (Long.parseLong(service.post("/bench/submit?batch=10000&count=" + rows)) / 1e9);
    }

    private void prepare(Connection connection) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            statement.execute(Files.readString(root.resolve("db/migration/V1__operation.sql")));
            statement.execute(
                    "drop trigger operation_submitted on operation; drop trigger operation_delayed on operation_live");
        }
    }

    private static double copy(Connection connection, int rows) throws SQLException, IOException {
        var batch = "bench_noop\tdefault\t{}\tbench\tbench\n".repeat(10_000);
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        var begin = System.nanoTime();
        for (var left = rows; left > 0; left -= 10_000) {
            copy.copyIn("copy operation (type, queue, input, changed_by, source) from stdin",
                    new StringReader(batch));
        }
        return rows / ((System.nanoTime() - begin) / 1e9);
    }
}
