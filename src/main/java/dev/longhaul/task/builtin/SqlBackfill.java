package dev.longhaul.task.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A long data migration in small steps: one statement over a range of keys, a chunk at a time. See docs/tasks.md.
@TaskType(value = "sql_backfill", description = """
        Runs one UPDATE, INSERT … SELECT or DELETE over a range of integer keys, chunk by chunk with a pause in between, on a PostgreSQL connection that \
        the service's settings allow. Use it for data migrations that are too large for one transaction: it goes on where it was after a crash \
        or restart, and can be cancelled between chunks. Returns the range, the number of chunks and of changed rows.""")
class SqlBackfill implements Task<SqlBackfill.Input, SqlBackfill.Output> {

    /// Each chunk leaves a checkpoint; a run that goes on reads them all.
    private static final long MOST_CHUNKS = 100_000;
    private static final int TRIES = 5;
    /// Below the socket timeout of the service's pool, so that it is PostgreSQL that says so.
    private static final int OWN_TIMEOUT_SECONDS = 25;

    record Input(
            @NotBlank @JsonPropertyDescription("Name of a connection in the service's settings, or longhaul for its own database") String connection,
            @NotBlank @JsonPropertyDescription("e.g. update orders set total_cents = total * 100 where id >= :from and id < :to") String statement,
            @JsonPropertyDescription("Table whose smallest and largest key are the range, e.g. orders or sales.orders; not needed with min and max") @Nullable String table,
            @JsonPropertyDescription("Its key column, an integer; default: id") @Nullable String key,
            @JsonPropertyDescription("First key of the range; default: the smallest of the table") @Nullable Long min,
            @JsonPropertyDescription("Last key of the range; default: the largest of the table when the backfill begins") @Nullable Long max,
            @JsonPropertyDescription("Keys per chunk; default: 10000. Choose it so that a chunk takes about a second") @Min(1) @Nullable Long chunkSize,
            @JsonPropertyDescription("Milliseconds between chunks; default: 100") @Min(0) @Max(3_600_000) @Nullable Integer pauseMs) {

        Input {
            new BackfillStatement(statement);
            if (table == null && (min == null || max == null)) {
                throw new IllegalArgumentException("table is needed to find the range, unless both min and max are given");
            }
            if (min != null && max != null && min > max) {
                throw new IllegalArgumentException("min must be at most max, not " + min + " and " + max);
            }
            key = key == null ? "id" : key;
            chunkSize = chunkSize == null ? 10_000 : chunkSize;
            pauseMs = pauseMs == null ? 100 : pauseMs;
        }
    }

    /// @param min  first key of the range; null: there was none
    /// @param max  last key of the range
    record Output(@Nullable Long min, @Nullable Long max, long chunks, long rows) {}

    /// @param min null: the table is empty
    record Range(@Nullable Long min, @Nullable Long max) {}

    private final SqlBackfillSettings settings;
    private final JdbcTemplate ownTemplate;

    SqlBackfill(SqlBackfillSettings settings, JdbcTemplate ownTemplate) {
        this.settings = settings;
        this.ownTemplate = ownTemplate;
    }

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        var target = target(input.connection);
        var range = context.step("range", Range.class, () -> range(input, target));
        if (range == null || range.min == null || range.max == null || range.min > range.max) {
            context.conclude("Nothing to do: no keys in the range");
            return new Output(null, null, 0, 0);
        }
        var keys = keys(range);
        var chunks = (keys - 1) / input.chunkSize + 1;
        if (chunks > MOST_CHUNKS) {
            throw new NotRetryable("chunk_size must be at least %d for the keys %d to %d, not %d: a backfill has at most %d chunks"
                    .formatted((keys - 1) / MOST_CHUNKS + 1, range.min, range.max, input.chunkSize, MOST_CHUNKS));
        }
        var rows = 0L;
        var startedAt = System.nanoTime();
        var keysHere = 0L;
        for (var n = 0L; n < chunks; n++) {
            var from = range.min + n * input.chunkSize;
            var to = n == chunks - 1 ? range.max + 1 : from + input.chunkSize;
            var chunk = new Chunk(input, context, target, from, to, n == chunks - 1);
            rows += chunk.run("chunk-" + (n + 1));
            keysHere += chunk.ran ? to - from : 0;
            context.report(to - range.min, keys, "%s of %s keys, %s rows changed, %s keys/s".formatted(Figures.count(to - range.min),
                    Figures.count(keys), Figures.count(rows), Figures.perSecond(keysHere, startedAt)));
        }
        context.conclude(Figures.count(rows) + " rows changed in " + Figures.count(chunks) + " chunks");
        return new Output(range.min, range.max, chunks, rows);
    }

    private static long keys(Range range) throws NotRetryable {
        try {
            Math.addExact(range.max, 1);
            return Math.addExact(Math.subtractExact(range.max, range.min), 1);
        } catch (ArithmeticException tooWide) {
            throw new NotRetryable("the range must have at most 2^63 - 1 keys and end before 2^63 - 1, not be %d to %d".formatted(range.min, range.max));
        }
    }

    /// @return null for Longhaul's own database
    private @Nullable JdbcTemplate target(String connection) throws NotRetryable {
        if (connection.equals(SqlBackfillSettings.OWN)) {
            if (!settings.ownDatabase()) {
                throw new NotRetryable("backfills of Longhaul's own database are not allowed: longhaul.sql-backfill.own-database is false");
            }
            return null;
        }
        var target = settings.connections().get(connection);
        if (target == null) {
            throw new NotRetryable("there is no connection %s for backfills; longhaul.sql-backfill.connections has %s".formatted(Text.quoted(connection),
                    settings.connections().isEmpty() ? "none" : String.join(", ", settings.connections().keySet().stream().sorted().toList())));
        }
        // A connection per chunk: a few milliseconds, and none is held through the pauses.
        var source = new DriverManagerDataSource(target.url());
        var properties = new Properties();
        properties.put("ApplicationName", "longhaul backfill");
        properties.put("tcpKeepAlive", "true");
        source.setConnectionProperties(properties);
        source.setUsername(target.username());
        source.setPassword(target.password());
        return new JdbcTemplate(source);
    }

    private Range range(Input input, @Nullable JdbcTemplate target) throws Exception {
        if (input.table == null) {
            return new Range(input.min, input.max);
        }
        try {
            return (target == null ? ownTemplate : target).execute((ConnectionCallback<Range>) connection -> {
                // Identifiers cannot be parameters; the driver quotes them.
                var postgres = connection.unwrap(PGConnection.class);
                var table = new ArrayList<String>();
                for (var part : input.table.split("\\.", -1)) {
                    table.add(postgres.escapeIdentifier(part));
                }
                var statement = "select min(%1$s), max(%1$s) from %2$s".formatted(postgres.escapeIdentifier(input.key), String.join(".", table));
                try (var query = connection.createStatement(); var found = query.executeQuery(statement)) {
                    found.next();
                    var smallest = found.getObject(1) == null ? null : (Long) found.getLong(1);
                    return new Range(input.min == null ? smallest : input.min, input.max != null || smallest == null ? input.max : (Long) found.getLong(2));
                }
            });
        } catch (DataAccessException failed) {
            throw explained("the range of " + input.table, failed);
        }
    }

    /// What no retry mends ends the backfill; the rest is thrown on as PostgreSQL said it.
    private static Exception explained(String what, DataAccessException failed) throws NotRetryable {
        if (!(NestedExceptionUtils.getMostSpecificCause(failed) instanceof SQLException reason)) {
            return failed;
        }
        switch (stateClass(reason)) {
            case "22", "23", "42", "44", "0A", "P0" -> throw new NotRetryable(what + ": " + reason.getMessage() + " (SQLSTATE " + reason.getSQLState() + ")", failed);
            default -> {
                return reason;
            }
        }
    }

    private static String stateClass(SQLException reason) {
        var state = String.valueOf(reason.getSQLState());
        return state.substring(0, Math.min(2, state.length()));
    }

    /// Keys from `from` to before `to`.
    private final class Chunk {

        private final Input input;
        private final TaskContext context;
        private final @Nullable JdbcTemplate target;
        private final long from;
        private final long to;
        private final boolean last;
        private boolean ran;

        Chunk(Input input, TaskContext context, @Nullable JdbcTemplate target, long from, long to, boolean last) {
            this.input = input;
            this.context = context;
            this.target = target;
            this.from = from;
            this.to = to;
            this.last = last;
        }

        /// @return how many rows it changed, now or in an earlier run
        long run(String name) throws Exception {
            for (var tries = 1; ; tries++) {
                try {
                    var rows = target == null
                            ? context.transaction(name, Long.class, database -> inOwn(database.jdbc()))
                            : context.step(name, Long.class, () -> update(JdbcClient.create(target)));
                    if (ran && !last) {
                        context.pause(Duration.ofMillis(input.pauseMs));
                    }
                    return rows == null ? 0 : rows;
                } catch (DataAccessException failed) {
                    var reason = explained("keys " + from + " to " + (to - 1), failed);
                    if (tries == TRIES || !collided(reason)) {
                        throw reason;
                    }
                    context.pause(Duration.ofMillis(100L << tries));
                }
            }
        }

        private long inOwn(JdbcClient database) throws NotRetryable {
            database.sql("select set_config('statement_timeout', :timeout, true)").param("timeout", OWN_TIMEOUT_SECONDS + "s").query(String.class).single();
            try {
                return update(database);
            } catch (DataAccessException failed) {
                if (NestedExceptionUtils.getMostSpecificCause(failed) instanceof SQLException reason && "57014".equals(reason.getSQLState())) {
                    throw new NotRetryable("keys %d to %d took longer than %d s, so chunk_size %d is too large. Everything before key %d is done: go on with min %d"
                            .formatted(from, to - 1, OWN_TIMEOUT_SECONDS, input.chunkSize, from, from));
                }
                throw failed;
            }
        }

        private long update(JdbcClient database) {
            ran = true;
            return database.sql(input.statement).param("from", from).param("to", to).update();
        }

        /// With other transactions: a deadlock, a serialization failure, a lock timeout. The same chunk will do.
        private static boolean collided(Exception reason) {
            return reason instanceof SQLException sql && (stateClass(sql).equals("40") || "55P03".equals(sql.getSQLState()));
        }
    }
}
