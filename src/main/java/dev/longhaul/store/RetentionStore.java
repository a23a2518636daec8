package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.task.StepTransaction;
import java.io.IOException;
import java.io.OutputStream;
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

/// How the past leaves: by days of submission, whole, and only after what must stay was moved out of the way.
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

    private static final String DAYS = """
            select to_date(right(relname, 10), 'YYYY_MM_DD') as day from pg_class
            where relnamespace = 'public'::regnamespace and relispartition and relname ~ '^operation_\\d{4}_\\d\\d_\\d\\d$'
              and to_date(right(relname, 10), 'YYYY_MM_DD') < :before
            order by 1
            """;

    /// Those before the given one (UTC) whose operations are here, the oldest first.
    public List<LocalDate> days(LocalDate before) {
        return jdbc.sql(DAYS).param("before", before).query(LocalDate.class).list();
    }

    /// A day is looked at in so many parts, ten minutes each.
    public static final int PARTS = 144;
    private static final String LOOK = "select look_at_day(:day::date, :part, :finished::interval, :failed::interval)";

    /// Looks at what of a day can leave, so that it leaves in a moment. What was seen is good for six hours.
    public void look(LocalDate day, int part, Duration finished, Duration failed) {
        jdbc.sql(LOOK).param("day", day).param("part", part).param("finished", finished.toString())
                .param("failed", failed.toString()).query((_, _) -> part).single();
    }

    private static final String RETIRE =
            "select left_, kept from retire_day(:day::date, :finished::interval, :failed::interval, :mostKept)";

    /// @param left how many operations left; null: the day stays, since too many would have to be kept or another node
    ///     is at it
    /// @param kept how many have to stay longer
    public record Retired(@Nullable Long left, @Nullable Long kept) {}

    /// Takes the operations of a day out, with their histories, steps, questions and logs. Those that are not over, not
    /// over for long enough, or held stay. What was not looked at is looked at first.
    ///
    /// @param day      of submission, UTC; null: of those that stayed longer than their days a thousand at most, and
    ///     how many stay is not told
    /// @param finished how long completed and cancelled operations are kept after their end
    /// @param failed   how long failed ones are
    /// @param mostKept with more than so many to stay, nothing is done: they are moved while all others wait
    public Retired retire(@Nullable LocalDate day, Duration finished, Duration failed, int mostKept) {
        return jdbc.sql(RETIRE).param("day", day).param("finished", finished.toString())
                .param("failed", failed.toString()).param("mostKept", mostKept)
                .query((row, _) -> new Retired(row.getObject("left_", Long.class), row.getObject("kept", Long.class)))
                        .single();
    }

    private static final String GONE = "select day, retired_at from retired_day where day = :day";

    /// A day whose operations left, and when.
    public record GoneDay(LocalDate day, Instant at) {

        /// For whoever asks for one of its operations.
        public String said(OperationId id) {
            return "there is no operation " + id + " any more: those of " + day + " left on "
                    + at.atZone(ZoneOffset.UTC).toLocalDate();
        }
    }

    /// Of an id that finds no operation: whether there may have been one whose time was over. For the answer 410
    /// instead of 404.
    public Optional<GoneDay> gone(OperationId id) {
        var day = Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16).atZone(ZoneOffset.UTC).toLocalDate();
        return jdbc.sql(GONE).param("day", day).query((row, _) -> new GoneDay(row.getObject("day", LocalDate.class),
                row.getTimestamp("retired_at").toInstant())).optional();
    }

    private static final String HOLD = """
            insert into operation_hold (operation_id, reason, held_by)
            select id, :reason, :by from operation where id = :id
            on conflict (operation_id) do update set reason = excluded.reason, held_at = now(), held_by = excluded.held_by, released_at = null, released_by = null
            """;

    /// Keeps an operation until somebody releases it, however long ago it ended. False: there is no such operation.
    public boolean hold(OperationId id, String reason, Caller caller) {
        return jdbc.sql(HOLD).param("id", id.value()).param("reason", reason).param("by", caller.name()).update() == 1;
    }

    private static final String RELEASE = """
            update operation_hold set released_at = now(), released_by = :by where operation_id = :id and released_at is null
            """;

    /// False: nobody held it.
    public boolean release(OperationId id, Caller caller) {
        return jdbc.sql(RELEASE).param("id", id.value()).param("by", caller.name()).update() == 1;
    }

    private static final String EXPORTED = "select exists (select from day_export where day = :day)";

    /// Whether a day was written to files.
    public boolean isExported(LocalDate day) {
        return jdbc.sql(EXPORTED).param("day", day).query(Boolean.class).single();
    }

    private static final String EXPORT_DONE = """
            insert into day_export (day, operation_id, folder) values (:day, :operation, :folder)
            on conflict (day) do update set operation_id = excluded.operation_id, folder = excluded.folder, exported_at = now()
            """;

    /// Within the transaction of the step that says so.
    public void exported(StepTransaction transaction, LocalDate day, OperationId operation, String folder) {
        transaction.sql(EXPORT_DONE).param("day", day).param("operation", operation.value()).param("folder", folder)
                .update();
    }

    /// What a day consists of, in the order of exporting.
    public enum Part {
        OPERATION("id"), OPERATION_HISTORY("operation_id, seq"), OPERATION_STEP("operation_id, name"),
                OPERATION_QUESTION("operation_id, name"),
        OPERATION_LOG("operation_id, line");

        private final String order;

        Part(String order) {
            this.order = order;
        }

        String table() {
            return name().toLowerCase(Locale.ROOT);
        }

        String id() {
            return order.split(",")[0];
        }
    }

    private static final String ESTIMATE = """
            select coalesce(sum(greatest(reltuples, 0)), 0)::bigint from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r' and relname = any(:names)
            """;

    /// About how many rows a day has, in all parts.
    public long estimate(LocalDate day) {
        var suffix = day.format(DateTimeFormatter.ofPattern("_yyyy_MM_dd"));
        return jdbc.sql(ESTIMATE).param("names", Arrays.stream(Part.values()).map(part -> part.table() + suffix)
                .toArray(String[]::new)).query(Long.class).single();
    }

    /// Writes all rows of one part of a day, in the order of their ids.
    ///
    /// @param asJson true: one JSON object a line; false: CSV with a line of names
    /// @return how many rows
    public long copy(Part part, LocalDate day, boolean asJson, OutputStream out) {
        var from = lowest(day);
        var to = lowest(day.plusDays(1));
        var rows = "select %s from %s r where %s >= '%s' and %s < '%s' order by %s"
                .formatted(asJson ? "to_jsonb(r)" : "*", part.table(), part.id(), from, part.id(), to, part.order);
        var copy = asJson ? "copy (" + rows + ") to stdout with (format csv, quote e'\\x01', delimiter e'\\x02')"
                : "copy (" + rows + ") to stdout with (format csv, header)";
        try (var connection = dataSource.getConnection()) {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, out);
        } catch (SQLException | IOException broken) {
            throw new DataRetrievalFailureException("could not export " + part.table() + " of " + day, broken);
        }
    }

    private static OperationId lowest(LocalDate day) {
        return new OperationId(new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0));
    }
}
