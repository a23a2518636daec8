package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.builtin.BackfillDatabase.Range;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A data migration in chunks: one statement over a range of keys. See docs/tasks.md.
@TaskType(value = "sql_backfill", description = """
        Runs one UPDATE, INSERT … SELECT or DELETE over a range of integer keys, in chunks with a pause between them, \
        on a PostgreSQL connection that the service's settings allow. Use it for data migrations that are too large \
        for one transaction: it resumes after a crash or restart, and can be cancelled between chunks. Returns the \
        range, the number of chunks and the number of changed rows.""")
class SqlBackfill implements Task<SqlBackfill.Input, SqlBackfill.Output> {

    /// Each chunk leaves a checkpoint, and a resumed run reads all of them.
    private static final long MAX_CHUNKS = 100_000;
    private static final int MAX_TRIES = 5;
    /// Below the socket timeout of the service's pool, so that PostgreSQL reports the timeout.
    private static final int OWN_TIMEOUT_SECONDS = 25;

    record Input(
            @NotBlank @JsonPropertyDescription("Name of a connection in the service's settings; longhaul: its own "
            + "database") String connection,
            @NotBlank @JsonPropertyDescription("e.g. update orders set total_cents = total * 100 where id >= :from "
            + "and id < :to") String statement,
            @JsonPropertyDescription("Table that provides the smallest and the largest key, e.g. "
            + "sales.orders; not needed with min and max") @Nullable String table,
            @JsonPropertyDescription("Its key column, an integer; default: id") @Nullable String key,
            @JsonPropertyDescription("First key of the range; default: the smallest of the table") @Nullable Long min,
            @JsonPropertyDescription(
                    "Last key of the range; default: the largest of the table at the start") @Nullable Long max,
            @JsonPropertyDescription(
            "Keys per chunk; default: 10000. Choose it so that a chunk takes about a second") @Min(
            1) @Nullable Long chunkSize,
            @JsonPropertyDescription("Milliseconds between chunks; default: 100") @Min(0) @Max(
            3_600_000) @Nullable Integer pauseMs) {

        Input {
            new BackfillStatement(statement);
            if (table == null && (min == null || max == null)) {
                throw new IllegalArgumentException("table is required unless both min and max are given");
            }
            if (min != null && max != null && min > max) {
                throw new IllegalArgumentException("min must be at most max, not " + min + " and " + max);
            }
            key = key == null ? "id" : key;
            chunkSize = chunkSize == null ? 10_000 : chunkSize;
            pauseMs = pauseMs == null ? 100 : pauseMs;
        }
    }

    /// @param min  first key of the range; null: no keys
    /// @param max  last key of the range; null: no keys
    record Output(@Nullable Long min, @Nullable Long max, long chunks, long rows) {}

    private final SqlBackfillSettings settings;
    private final JdbcTemplate own;

    SqlBackfill(SqlBackfillSettings settings, JdbcTemplate own) {
        this.settings = settings;
        this.own = own;
    }

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        var database = BackfillDatabase.find(input.connection, settings, own);
        var range = context.step("range", Range.class, () -> range(input, database));
        if (range == null || range.min() == null || range.max() == null || range.min() > range.max()) {
            context.conclude("Nothing to do: no keys in the range");
            return new Output(null, null, 0, 0);
        }
        var chunks = chunks(input, range);
        var rows = new BackfillRun(input, context, database, range.min(), range.max()).run(chunks);
        context.conclude(HumanFormat.count(rows) + " rows changed in " + HumanFormat.count(chunks) + " chunks");
        return new Output(range.min(), range.max(), chunks, rows);
    }

    private static Range range(Input input, BackfillDatabase database) throws Exception {
        if (input.table == null || input.min != null && input.max != null) {
            return new Range(input.min, input.max);
        }
        var found = database.range(input.table, input.key);
        return found.min() == null ? found : new Range(input.min == null ? found.min() : input.min, input.max == null
                ? found.max() : input.max);
    }

    private static long chunks(Input input, Range range) throws NotRetryable {
        try {
            Math.addExact(range.max(), 1);
            var keys = Math.addExact(Math.subtractExact(range.max(), range.min()), 1);
            var chunks = (keys - 1) / input.chunkSize + 1;
            if (chunks > MAX_CHUNKS) {
                throw new NotRetryable(("chunk_size must be at least %d for the keys %d to %d, not %d: a backfill has "
                        + "at most %d chunks")
                        .formatted((keys - 1) / MAX_CHUNKS + 1, range.min(), range.max(), input.chunkSize,
                                MAX_CHUNKS));
            }
            return chunks;
        } catch (ArithmeticException tooWide) {
            throw new NotRetryable("the range must have at most 2^63 - 1 keys and end before 2^63 - 1, not be %d to %d"
                    .formatted(range.min(), range.max()));
        }
    }

    private static final class BackfillRun {

        private final Input input;
        private final TaskContext context;
        private final BackfillDatabase database;
        private final long min;
        private final long max;
        private final long startedAt = System.nanoTime();
        private long keysInThisRun;   // without those of earlier runs

        BackfillRun(Input input, TaskContext context, BackfillDatabase database, long min, long max) {
            this.input = input;
            this.context = context;
            this.database = database;
            this.min = min;
            this.max = max;
        }

        /// @return number of changed rows, including those of earlier runs
        long run(long chunks) throws Exception {
            var rows = 0L;
            for (var n = 1L; n <= chunks; n++) {
                var from = min + (n - 1) * input.chunkSize;
                var to = n == chunks ? max + 1 : from + input.chunkSize;
                var keysBefore = keysInThisRun;
                rows += chunk("chunk-" + n, from, to);
                if (keysInThisRun > keysBefore) {
                    context.report(to - min, max - min + 1,
                            "%s of %s keys, %s rows changed, %s keys/s".formatted(HumanFormat.count(to - min),
                            HumanFormat.count(max - min + 1), HumanFormat.count(rows),
                            HumanFormat.perSecond(keysInThisRun, startedAt)));
                    context.pause(Duration.ofMillis(n < chunks ? input.pauseMs : 0));
                }
            }
            return rows;
        }

        /// Changes the keys `from` <= key < `to`.
        private long chunk(String name, long from, long to) throws Exception {
            for (var tries = 1; ; tries++) {
                try {
                    var rows = database.isOwn()
                            ? context.transaction(name, Long.class, transaction -> changeOwn(transaction.jdbc(), from,
                            to))
                            : context.step(name, Long.class, () -> change(JdbcClient.create(database.jdbc()), from,
                            to));
                    return rows == null ? 0 : rows;
                } catch (DataAccessException failed) {
                    var reason = BackfillDatabase.explained("keys " + from + " to " + (to - 1), failed);
                    if (tries == MAX_TRIES || !BackfillDatabase.isConflict(reason)) {
                        throw reason;
                    }
                    context.pause(Duration.ofMillis(100L << tries));
                }
            }
        }

        private long changeOwn(JdbcClient sql, long from, long to) throws NotRetryable {
            sql.sql("select set_config('statement_timeout', :timeout, true)")
                    .param("timeout", OWN_TIMEOUT_SECONDS + "s").query(String.class).single();
            try {
                return change(sql, from, to);
            } catch (DataAccessException failed) {
                if (BackfillDatabase.sqlException(failed) instanceof SQLException reason
                        && "57014".equals(reason.getSQLState())) {
                    throw new NotRetryable(("keys %d to %d took longer than %d s, so chunk_size %d is too large. "
                            + "All keys before %d are done: continue with min %d")
                            .formatted(from, to - 1, OWN_TIMEOUT_SECONDS, input.chunkSize, from, from));
                }
                throw failed;
            }
        }

        private long change(JdbcClient sql, long from, long to) {
            var rows = sql.sql(input.statement).param("from", from).param("to", to).update();
            keysInThisRun += to - from;
            return rows;
        }
    }
}
