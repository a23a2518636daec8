package dev.longhaul.builtin;

import dev.longhaul.builtin.CsvFormats.InvalidNumber;
import dev.longhaul.builtin.CsvRows.Row;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Target table of an import in Longhaul's own database, written by COPY. Rows that PostgreSQL rejects are identified
/// and reported.
///
/// @param fields   number of fields of a row
/// @param columns  columns for the imported fields, in order
/// @param isNumber whether a column has numbers
/// @param encoding encoding of the rows, as PostgreSQL spells it
record ImportTable(String schema, String name, int fields, List<String> columns, boolean[] isNumber, String encoding,
        CsvFormats formats) {

    private static final String FIND = """
            select c.oid::bigint as oid, has_schema_privilege(n.oid, 'usage') as usable,
                   n.oid = (select relnamespace from pg_class where oid = 'operation'::regclass) as own,
                   current_user::text as role, current_database()::text as database
            from (select) as one
            left join pg_namespace n on n.nspname = :schema
            left join pg_class c on c.relnamespace = n.oid and c.relname = :name and c.relkind in ('r', 'p', 'f', 'v')
            """;

    private static final String COLUMNS = """
            select attname::text as name, has_column_privilege(attrelid, attnum, 'insert') as writable,
                   typcategory = 'N' as numeric
            from pg_attribute join pg_type t on t.oid = atttypid
            where attrelid = :oid::oid and attnum > 0 and not attisdropped
            order by attnum
            """;

    // Server encodings only. In client-only encodings (SJIS, BIG5, GBK …) the second byte of a character may equal a
    // delimiter.
    private static final String ENCODING = """
            select pg_encoding_to_char(pg_char_to_encoding(:name))::text as encoding
            where pg_char_to_encoding(:name) between 0 and pg_char_to_encoding('SJIS') - 1
            """;

    /// @return the encoding as PostgreSQL spells it
    static String encoding(JdbcClient jdbc, Charset charset) throws NotRetryable {
        return jdbc.sql(ENCODING).param("name", charset.name()).query(String.class).optional()
                .orElseThrow(() -> new NotRetryable("encoding must be a server encoding of PostgreSQL, e.g. UTF-8, "
                        + "ISO-8859-1 or windows-1252, not " + charset.name()));
    }

    /// @param fields  column for each field of the file; empty: not imported
    /// @throws NotRetryable if the table or a column does not exist, or the service may not insert
    static ImportTable open(JdbcClient jdbc, String schema, String name, List<String> fields, String encoding,
            CsvFormats formats) throws NotRetryable {
        var columns = fields.stream().filter(field -> !field.isEmpty()).toList();
        var found = jdbc.sql(FIND).param("schema", schema).param("name", name).query().singleRow();
        var full = schema + "." + name;
        if (Boolean.TRUE.equals(found.get("own"))) {
            throw new NotRetryable("table " + full
                    + " is in the schema of Longhaul's own tables, where imports are not permitted");
        }
        if (found.get("oid") == null) {
            throw new NotRetryable("there is no table " + full + " in database " + found.get("database"));
        }
        var described = jdbc.sql(COLUMNS).param("oid", found.get("oid")).query().listOfRows();
        var writable = described.stream().collect(
                Collectors.toMap(row -> (String) row.get("name"), row -> (Boolean) row.get("writable")));
        var unknown = columns.stream().filter(column -> !writable.containsKey(column)).map(Text::quoted).toList();
        if (!unknown.isEmpty()) {
            throw new NotRetryable("table " + full + " has no column " + String.join(", ", unknown) + "; it has: "
                    + names(jdbc, found));
        }
        if (Boolean.FALSE.equals(found.get("usable")) || !columns.stream().allMatch(writable::get)) {
            throw new NotRetryable(("role %1$s may not insert into %2$s; its owner can allow it: grant usage on "
                    + "schema %3$s to %1$s; grant insert on %2$s to %1$s")
                    .formatted(found.get("role"), full, schema));
        }
        var numeric = described.stream().filter(row -> Boolean.TRUE.equals(row.get("numeric")))
                .map(row -> row.get("name")).collect(Collectors.toSet());
        var isNumber = new boolean[columns.size()];
        for (var n = 0; n < isNumber.length; n++) {
            isNumber[n] = numeric.contains(columns.get(n));
        }
        return new ImportTable(schema, name, fields.size(), columns, isNumber, encoding, formats);
    }

    private static String names(JdbcClient jdbc, Map<String, @Nullable Object> found) {
        return jdbc.sql(COLUMNS).param("oid", found.get("oid")).query().listOfRows().stream()
                .map(row -> (String) row.get("name")).collect(Collectors.joining(", "));
    }

    /// Receives each rejected row in the order of the file; may throw to end the import.
    interface RejectedRows {
        void add(Row row, String reason) throws NotRetryable;
    }

    /// @param connection    in a transaction
    /// @param check         called before every COPY
    /// @return number of inserted rows
    long load(List<Row> rows, Connection connection, Runnable check, RejectedRows rejected) throws Exception {
        readDates(connection);
        var loaded = 0L;
        var fitting = new ArrayList<Row>(rows.size());
        for (var row : rows) {
            var problem = row.problem() != null ? row.problem() : row.fields() == fields ? null
                    : "%d fields were expected, not %d".formatted(fields, row.fields());
            if (problem == null) {
                try {
                    fitting.add(row.withCopyLine(formats.line(row.copyLine(), isNumber)));
                    continue;
                } catch (InvalidNumber invalid) {
                    problem = "column " + columns.get(invalid.column()) + ": " + invalid.getMessage();
                }
            }
            loaded += copy(fitting, connection, check, rejected);
            fitting.clear();
            rejected.add(row, problem);
        }
        return loaded + copy(fitting, connection, check, rejected);
    }

    private static final String READ_DATES = "select set_config('datestyle', 'ISO, ' || ?, true)";

    /// For this transaction.
    private void readDates(Connection connection) throws SQLException {
        if (formats.date() != null) {
            try (var statement = connection.prepareStatement(READ_DATES)) {
                statement.setString(1, formats.date());
                statement.execute();
            }
        }
    }

    /// After an error, copies the rows before the suspect, the suspect alone, and the rest. PostgreSQL usually names
    /// the row, so no row is copied more than twice. If it does not, e.g. for a foreign key, the middle row is the
    /// suspect. A wrong suspect costs only time.
    private long copy(List<Row> rows, Connection connection, Runnable check, RejectedRows rejected) throws Exception {
        var loaded = 0L;
        var rest = rows;
        while (!rest.isEmpty()) {
            check.run();
            var savepoint = connection.setSavepoint();
            try {
                loaded += copy(rest, connection);
                connection.releaseSavepoint(savepoint);
                return loaded;
            } catch (PSQLException error) {
                requireRowError(error);
                connection.rollback(savepoint);
                connection.releaseSavepoint(savepoint);
                if (rest.size() == 1) {
                    rejected.add(rest.getFirst(), reason(error));
                    return loaded;
                }
                var suspect = suspect(error, rest.size());
                loaded += copy(rest.subList(0, suspect), connection, check, rejected);
                loaded += copy(rest.subList(suspect, suspect + 1), connection, check, rejected);
                rest = rest.subList(suspect + 1, rest.size());
            }
        }
        return loaded;
    }

    /// Identifiers cannot be parameters, so the driver quotes them.
    private long copy(List<Row> rows, Connection connection) throws SQLException, IOException {
        var postgres = connection.unwrap(PGConnection.class);
        var names = new ArrayList<String>();
        for (var column : columns) {
            names.add(postgres.escapeIdentifier(column));
        }
        var statement = "copy %s.%s (%s) from stdin with (format text, encoding '%s')"
                .formatted(postgres.escapeIdentifier(schema),
                postgres.escapeIdentifier(name), String.join(", ", names), encoding);
        var bytes = new ByteArrayOutputStream(rows.stream().mapToInt(row -> row.copyLine().length).sum());
        rows.forEach(row -> bytes.writeBytes(row.copyLine()));
        return postgres.getCopyAPI().copyIn(statement, new ByteArrayInputStream(bytes.toByteArray()), 1 << 16);
    }

    /// Errors of a row: data (22), integrity (23), check option (44), `raise` in a trigger (P0), too large for an index
    /// (54). Errors of the table (42, 0A) are not retryable. Other errors are retried.
    private void requireRowError(PSQLException error) throws PSQLException, NotRetryable {
        var state = String.valueOf(error.getSQLState());
        switch (state.substring(0, 2)) {
            case "22", "23", "44", "P0", "54" -> { }
            case "42", "0A" -> throw new NotRetryable("PostgreSQL refuses the import into " + this + ": "
                    + reason(error), error);
            default -> throw error;
        }
    }

    // "COPY orders, line 3, column amount: …" or "COPY orders, Zeile 3, Spalte amount: …"
    private static final Pattern CONTEXT = Pattern.compile("^COPY .+?, \\S+ (\\d+)(?:, \\S+ ([^:\\n]+))?",
            Pattern.MULTILINE);

    private static int suspect(PSQLException error, int rows) {
        var context = CONTEXT.matcher(where(error));
        if (context.find() && context.group(1).length() < 10) {
            var line = Integer.parseInt(context.group(1));
            if (line >= 1 && line <= rows) {
                return line - 1;
            }
        }
        return rows / 2;
    }

    private static String reason(PSQLException error) {
        var message = error.getServerErrorMessage();
        if (message == null) {
            return Text.cleaned(String.valueOf(error.getMessage()), 300);
        }
        var context = CONTEXT.matcher(where(error));
        var column = context.find() && context.group(2) != null ? "column " + context.group(2) + ": " : "";
        var detail = message.getDetail() == null ? "" : " (" + message.getDetail() + ")";
        return Text.cleaned(column + message.getMessage() + detail, 300);
    }

    private static String where(PSQLException error) {
        var message = error.getServerErrorMessage();
        return message == null || message.getWhere() == null ? "" : message.getWhere();
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
