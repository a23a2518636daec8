package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.task.StepTransaction;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Retires operations by partitions of days of submission. Operations to be retained are moved out first.
@Repository
public class RetentionStore {

    private final JdbcClient jdbc;
    private final DataSource dataSource;

    RetentionStore(JdbcClient jdbc, DataSource dataSource) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
    }

    private static final String NOW = "select now()";

    public Instant now() {
        return jdbc.sql(NOW).query((row, _) -> row.getTimestamp(1).toInstant()).single();
    }

    /// A range of days of submission (UTC) whose operations are retired together.
    ///
    /// @param end first day after the range
    public record Partition(LocalDate first, LocalDate end) {

        @Override
        public String toString() {
            return first.plusDays(1).equals(end) ? first.toString() : first + " to " + end.minusDays(1);
        }
    }

    private static final String PARTITIONS = """
            select first_day, end_day from operation_partition where end_day <= :before order by first_day
            """;

    /// Partitions whose days are all before the given day (UTC), oldest first.
    public List<Partition> partitions(LocalDate before) {
        return jdbc.sql(PARTITIONS).param("before", before).query((row, _) -> partition(row)).list();
    }

    private static Partition partition(ResultSet row) throws SQLException {
        return new Partition(row.getObject("first_day", LocalDate.class), row.getObject("end_day", LocalDate.class));
    }

    /// Number of parts in which a partition is planned.
    public static final int PARTS = 144;
    private static final String PLAN =
            "select plan_retirement(:day::date, :part, :finished::interval, :failed::interval)";

    /// Finds the operations of a partition that can be retired, so that the retirement itself is short. A plan is valid
    /// for six hours.
    public void plan(Partition partition, int part, Duration finished, Duration failed) {
        jdbc.sql(PLAN).param("day", partition.first).param("part", part).param("finished", finished.toString())
                .param("failed", failed.toString()).query((_, _) -> part).single();
    }

    private static final String RETIRE = """
            select retired, retained
            from retire_partition(:day::date, :finished::interval, :failed::interval, :mostRetained)
            """;

    /// @param retired  number of retired operations; null: the partition stays, because too many would be retained or
    ///     another node retires it
    /// @param retained number of operations that are retained
    public record Retired(@Nullable Long retired, @Nullable Long retained) {}

    /// Retires the operations of a partition with their histories, steps, input requests and logs. Unfinished, recently
    /// finished and held operations are retained. Unplanned parts are planned first.
    ///
    /// @param partition    partition to retire; null: up to 1,000 of the operations that were retained before; the
    ///     result then has no number of retained operations
    /// @param finished     time that completed and cancelled operations are kept after their end
    /// @param failed       time that failed operations are kept after their end
    /// @param mostRetained limit of retained operations; above it nothing is done, because moving them blocks all other
    ///     writes
    public Retired retire(@Nullable Partition partition, Duration finished, Duration failed, int mostRetained) {
        return jdbc.sql(RETIRE).param("day", partition == null ? null : partition.first)
                .param("finished", finished.toString()).param("failed", failed.toString())
                .param("mostRetained", mostRetained)
                .query((row, _) -> new Retired(row.getObject("retired", Long.class),
                        row.getObject("retained", Long.class))).single();
    }

    private static final String RETIRED = """
            select first_day, end_day, retired_at from retired_partition where first_day <= :day and end_day > :day
            """;

    /// A retired partition, and the time of its retirement.
    public record RetiredPartition(Partition partition, Instant at) {

        /// Error message for a request for one of its operations.
        public String said(OperationId id) {
            return "there is no operation " + id + " any more: those of " + partition + " left on "
                    + at.atZone(ZoneOffset.UTC).toLocalDate();
        }
    }

    /// Finds the retired partition that may have had an unknown id, for a response 410 instead of 404.
    public Optional<RetiredPartition> gone(OperationId id) {
        var day = Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16).atZone(ZoneOffset.UTC).toLocalDate();
        return jdbc.sql(RETIRED).param("day", day).query((row, _) -> new RetiredPartition(partition(row),
                row.getTimestamp("retired_at").toInstant())).optional();
    }

    private static final String HOLD = """
            insert into retention_hold (operation_id, reason, held_by)
            select id, :reason, :by from operation where id = :id
            on conflict (operation_id) do update set
                reason = excluded.reason, held_at = now(), held_by = excluded.held_by, released_at = null,
                    released_by = null
            """;

    /// Keeps an operation until it is released, regardless of its age. False: there is no such operation.
    public boolean hold(OperationId id, String reason, Caller caller) {
        return jdbc.sql(HOLD).param("id", id.value()).param("reason", reason).param("by", caller.name()).update() == 1;
    }

    private static final String RELEASE = """
            update retention_hold set released_at = now(), released_by = :by where operation_id = :id
                and released_at is null
            """;

    /// False: the operation was not held.
    public boolean release(OperationId id, Caller caller) {
        return jdbc.sql(RELEASE).param("id", id.value()).param("by", caller.name()).update() == 1;
    }

    private static final String EXPORTED = "select exists (select from partition_export where first_day = :day)";

    /// True if the partition was written to files.
    public boolean isExported(Partition partition) {
        return jdbc.sql(EXPORTED).param("day", partition.first).query(Boolean.class).single();
    }

    private static final String EXPORT_DONE = """
            insert into partition_export (first_day, operation_id, folder) values (:day, :operation, :folder)
            on conflict (first_day) do update set
                operation_id = excluded.operation_id, folder = excluded.folder, exported_at = now()
            """;

    /// Records the export within the transaction of the step that finishes it.
    public void exported(StepTransaction transaction, Partition partition, OperationId operation, String folder) {
        transaction.sql(EXPORT_DONE).param("day", partition.first).param("operation", operation.value())
                .param("folder", folder).update();
    }

    /// Tables of an export, in the order of exporting.
    public enum Part {
        OPERATION("id"), OPERATION_HISTORY("operation_id, seq"), OPERATION_STEP("operation_id, name"),
        INPUT_REQUEST("operation_id, name"), OPERATION_LOG("operation_id, line");

        private final String order;

        Part(String order) {
            this.order = order;
        }

        String table() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Prefix of the partitions' names.
        String root() {
            return this == OPERATION ? "operation_past" : table();
        }

        String id() {
            return order.split(",")[0];
        }
    }

    private static final String ESTIMATE = """
            select coalesce(sum(greatest(reltuples, 0)), 0)::bigint from pg_class
            where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname = any(:names)
            """;

    /// Estimated number of rows of a partition, in all tables.
    public long estimate(Partition partition) {
        var suffix = partition.first.format(DateTimeFormatter.ofPattern("_yyyy_MM_dd", Locale.ROOT));
        return jdbc.sql(ESTIMATE).param("names", Arrays.stream(Part.values()).map(part -> part.root() + suffix)
                .toArray(String[]::new)).query(Long.class).single();
    }

    /// Writes all rows of one table, in the order of their ids.
    ///
    /// @param asJson true: one JSON object per row; false: CSV with a header
    /// @return number of rows
    public long copy(Part part, Partition partition, boolean asJson, OutputStream out) {
        var from = lowest(partition.first);
        var to = lowest(partition.end);
        var rows = "select %s from %s r where %s >= '%s' and %s < '%s' order by %s"
                .formatted(asJson ? "to_jsonb(r)" : "*", part.table(), part.id(), from, part.id(), to, part.order);
        var copy = asJson ? "copy (" + rows + ") to stdout with (format csv, quote e'\\x01', delimiter e'\\x02')"
                : "copy (" + rows + ") to stdout with (format csv, header)";
        try (var connection = dataSource.getConnection()) {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, out);
        } catch (SQLException | IOException broken) {
            throw new DataRetrievalFailureException("could not export " + part.table() + " of " + partition, broken);
        }
    }

    private static OperationId lowest(LocalDate day) {
        return new OperationId(new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0));
    }
}
