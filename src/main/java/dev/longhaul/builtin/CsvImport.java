package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.builtin.CsvRows.Format;
import dev.longhaul.builtin.CsvRows.Position;
import dev.longhaul.builtin.CsvRows.Row;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.StepTransaction;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Loads a CSV file into a table, every row exactly once: the COPY of a chunk commits together with its checkpoint. See
/// docs/tasks.md.
@TaskType(value = "csv_import", description = """
        Loads a CSV file with a header row (plain or .gz) from the service's import folder, or rows given as text, \
        into an existing table of its PostgreSQL database. Use it for large files: it resumes after a crash or \
        restart, and imports every row exactly once. Returns the number of imported and skipped rows, and the first \
        skipped lines with their reasons.""")
class CsvImport implements Task<CsvImport.Input, CsvImport.Output> {

    private static final int CHUNK_BYTES = 8 << 20;
    private static final int MAX_SKIPPED_LISTED = 20;

    /// Treatment of a row that does not match the table. Spelled as in JSON.
    enum OnBadRow { fail, skip }

    record Input(
            @JsonPropertyDescription(
            "Path of the file below the import folder, e.g. 2026/orders.csv or orders.csv.gz") @Nullable String file,
            @JsonPropertyDescription(
            "The rows instead of a file, e.g. the output of another task") @Nullable String text,
            @NotBlank @JsonPropertyDescription("Target table, e.g. import.orders; default schema: import. "
            + "Case-sensitive") String table,
            @JsonPropertyDescription("Columns of the table for the file's fields, in order; default: the names in "
                    + "the header row. An empty name leaves the field out") @Nullable List<String> columns,
            @JsonPropertyDescription(
            "One character between fields; default: comma. \\t for a tab") @Nullable String delimiter,
            @JsonPropertyDescription(
            "Unquoted text that means NULL; default: the empty text") @Nullable String nullText,
            @JsonPropertyDescription("The number 1234.56 as the file writes it, e.g. 1.234,56 or 1234,56; default: "
                    + "as PostgreSQL reads numbers") @Nullable String numberFormat,
            @JsonPropertyDescription("The last day of 2026 as the file writes it, e.g. 31.12.2026 or 12/31/2026; "
                    + "default: as PostgreSQL reads dates") @Nullable String dateFormat,
            @JsonPropertyDescription("fail (default): stop at the first invalid row; skip: leave invalid rows out "
            + "and count them") @Nullable OnBadRow onBadRow,
            @JsonPropertyDescription("true: leave out rows with only empty fields; default: false")
            @Nullable Boolean skipEmptyRows,
            @JsonPropertyDescription("Encoding of the file; default: UTF-8") @Nullable String encoding,
            @JsonPropertyDescription("Rows per transaction and checkpoint; default: 10000") @Min(100) @Max(
                    1_000_000) @Nullable Integer chunkRows) {

        Input {
            if ((file == null) == (text == null) || file != null && file.isBlank()) {
                throw new IllegalArgumentException(
                        "expected either file or text");
            }
            delimiter = delimiter == null ? "," : delimiter.equals("\\t") ? "\t" : delimiter;
            if (delimiter.length() != 1 || delimiter.charAt(0) > '~' || "\"\r\n\0".contains(delimiter)) {
                throw new IllegalArgumentException("delimiter must be one ASCII character and neither quote nor line "
                        + "end, not " + Text.quoted(delimiter));
            }
            if (columns != null && columns.stream().allMatch(String::isEmpty)) {
                throw new IllegalArgumentException("columns must name at least one column, or be left out");
            }
            nullText = nullText == null ? "" : nullText;
            skipEmptyRows = skipEmptyRows != null && skipEmptyRows;
            onBadRow = onBadRow == null ? OnBadRow.fail : onBadRow;
            encoding = encoding == null ? "UTF-8" : encoding;
            chunkRows = chunkRows == null ? 10_000 : chunkRows;
            CsvFormats.of(numberFormat, dateFormat);
            try {
                Charset.forName(encoding);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
                throw new IllegalArgumentException("encoding must be a known one, e.g. UTF-8 or windows-1252, not "
                        + Text.quoted(encoding));
            }
        }

        Format format() {
            var ignored = columns == null ? Set.<Integer>of() : IntStream.range(0, columns.size())
                    .filter(n -> columns.get(n).isEmpty()).boxed().collect(Collectors.toSet());
            return new Format(delimiter.charAt(0), nullText, Charset.forName(encoding), ignored,
                    onBadRow == OnBadRow.skip);
        }

        CsvFormats formats() {
            return CsvFormats.of(numberFormat, dateFormat);
        }
    }

    /// @param rows        number of imported rows
    /// @param skippedRows the first 20 skipped rows
    record Output(String table, long rows, long skipped, List<Skipped> skippedRows, long bytes) {}

    record Skipped(long line, String reason) {}

    private final CsvImportSettings settings;
    private final JdbcClient jdbc;

    CsvImport(CsvImportSettings settings, JdbcClient jdbc) {
        this.settings = settings;
        this.jdbc = jdbc;
    }

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        if (input.text == null) {
            return load(input, new ImportFolder(settings.dir()).find(input.file), context);
        }
        // the same bytes in every attempt, on any node
        var file = Files.createTempFile("longhaul-rows", ".csv");
        try {
            return load(input, Files.writeString(file, input.text, Charset.forName(input.encoding)), context);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Output load(Input input, Path file, TaskContext context) throws Exception {
        var allowed = requireAllowed(input.table);
        var encoding = ImportTable.encoding(jdbc, input.format().encoding());
        var header = CsvRows.header(file, input.format());
        var columns = columns(input, header.columns());
        var table = ImportTable.open(jdbc, allowed.schema, allowed.name, columns, encoding,
                input.formats());
        try (var run = new ImportRun(input, context, file, table)) {
            return run.load(new Chunk(0, 0, header.position(), 0, false, List.of()));
        }
    }

    private record TableName(String schema, String name) {}

    private TableName requireAllowed(String table) throws NotRetryable {
        var parts = table.split("\\.", -1);
        var name = parts.length == 1
                ? new TableName("import", table) : new TableName(parts[0], parts[parts.length - 1]);
        if (parts.length > 2 || name.schema.isBlank() || name.name.isBlank()) {
            throw new NotRetryable("table must be a name like import.orders, not " + Text.quoted(table));
        }
        if (!settings.allows(name.schema, name.name)) {
            throw new NotRetryable("table %s.%s is not permitted for imports: longhaul.csv-import.tables allows %s"
                            .formatted(name.schema, name.name, settings.tables().isEmpty() ? "none"
                            : String.join(", ", settings.tables())));
        }
        return name;
    }

    private static List<String> columns(Input input, List<String> header) throws NotRetryable {
        var columns = input.columns == null ? header : input.columns;
        if (columns.size() != header.size()) {
            throw new NotRetryable("columns must name one column for each of the %d fields of the header row, not %d"
                    .formatted(header.size(), columns.size()));
        }
        var named = columns.stream().filter(column -> !column.isEmpty()).toList();
        if (new HashSet<>(named).size() < named.size()) {
            throw new NotRetryable("columns must not repeat a name, as in "
                    + Text.quoted(String.join(", ", columns)));
        }
        return columns;
    }

    /// The checkpoint after a chunk.
    ///
    /// @param rows       imported since the start of the file
    /// @param skipped    since the start of the file
    /// @param lastRow    position of the last processed row
    /// @param bytesRead  processed bytes of the file, compressed or not
    /// @param atEnd      true: the file has no further rows
    /// @param newSkipped skipped rows of this chunk for the output, which has at most 20
    record Chunk(long rows, long skipped, Position lastRow, long bytesRead, boolean atEnd, List<Skipped> newSkipped) {}

    private static final class ImportRun implements AutoCloseable {

        private final Input input;
        private final TaskContext context;
        private final Path file;
        private final long size;
        private final ImportTable table;
        private final List<Skipped> skippedRows = new ArrayList<>();
        private @Nullable CsvRows rows;   // null: all chunks so far come from checkpoints of earlier runs
        private long rowsBefore;
        private long startedAt;

        ImportRun(Input input, TaskContext context, Path file, ImportTable table) throws IOException {
            this.input = input;
            this.context = context;
            this.file = file;
            this.size = Files.size(file);
            this.table = table;
        }

        Output load(Chunk start) throws Exception {
            var chunk = start;
            for (var n = 1; !chunk.atEnd; n++) {
                var previous = chunk;
                chunk = context.transaction("chunk-" + n, Chunk.class, database -> next(previous, database));
                skippedRows.addAll(chunk.newSkipped);
                if (rows != null) {
                    report(chunk);
                }
            }
            context.conclude(HumanFormat.count(chunk.rows) + " rows imported into " + table + skipped(chunk));
            return new Output(table.toString(), chunk.rows, chunk.skipped, skippedRows, size);
        }

        private Chunk next(Chunk previous, StepTransaction database) throws Exception {
            if (rows == null) {
                rows = CsvRows.after(previous.lastRow, file, input.format());
                rowsBefore = previous.rows;
                startedAt = System.nanoTime();
            }
            var nextRows = new ArrayList<Row>();
            var bytes = 0;
            var atEnd = false;
            @Nullable Row last = null;
            while (nextRows.size() < input.chunkRows && bytes < CHUNK_BYTES && !atEnd) {
                if (rows.hasNext()) {
                    var row = rows.next();
                    last = row;
                    if (!row.isEmpty() || !input.skipEmptyRows) {
                        nextRows.add(row);
                        bytes += row.copyLine().length;
                    }
                } else {
                    atEnd = true;
                }
            }
            var newSkipped = new ArrayList<Skipped>();
            var loaded = table.load(nextRows, database.connection(), context::check, (row, reason) -> {
                if (input.onBadRow == OnBadRow.fail) {
                    throw new NotRetryable("line %d: %s. The %s rows of the chunks before stay in %s"
                            .formatted(row.line(), reason, HumanFormat.count(previous.rows), table));
                }
                newSkipped.add(new Skipped(row.line(), reason));
            });
            var lastRow = last == null ? previous.lastRow : last.position();
            var bytesRead = atEnd ? size : Math.min(rows.bytesRead(), size);
            return new Chunk(previous.rows + loaded, previous.skipped + newSkipped.size(), lastRow, bytesRead, atEnd,
                    newSkipped.stream().limit(MAX_SKIPPED_LISTED - skippedRows.size()).toList());
        }

        private void report(Chunk chunk) {
            context.report(chunk.bytesRead, Math.max(size, 1), "%s rows, %s of %s, %s rows/s%s"
                    .formatted(HumanFormat.count(chunk.rows), HumanFormat.bytes(chunk.bytesRead),
                    HumanFormat.bytes(size), HumanFormat.perSecond(chunk.rows - rowsBefore, startedAt),
                    skipped(chunk)));
        }

        private static String skipped(Chunk chunk) {
            return chunk.skipped == 0 ? "" : ", " + HumanFormat.count(chunk.skipped) + " skipped";
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
            }
        }
    }
}
