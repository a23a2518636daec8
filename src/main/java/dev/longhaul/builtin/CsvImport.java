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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Loads a CSV file into a table, every row exactly once: each chunk's COPY commits together with the checkpoint that
/// says where the next chunk begins. See docs/tasks.md.
@TaskType(value = "csv_import", description = """
        Loads a CSV file with a header row (plain or .gz), which lies in the service's import folder, or rows given as text, into an existing table of its \
        PostgreSQL database. Use it for large files: it goes on where it was after a crash or restart, and every row is in the table exactly once. \
        Returns how many rows were imported and skipped, and the first skipped lines with their reasons.""")
class CsvImport implements Task<CsvImport.Input, CsvImport.Output> {

    private static final int CHUNK_BYTES = 8 << 20;
    private static final int EXAMPLES = 20;

    /// What becomes of a row that does not fit the table. Named as in JSON.
    enum OnBadRow { fail, skip }

    record Input(
            @JsonPropertyDescription(
            "Path of the file below the import folder, e.g. 2026/orders.csv or orders.csv.gz") @Nullable String file,
            @JsonPropertyDescription(
            "The rows themselves instead of a file, e.g. what another task fetched") @Nullable String text,
            @NotBlank @JsonPropertyDescription("Target table, e.g. import.orders; without a schema: in schema "
            + "import. Case matters") String table,
            @JsonPropertyDescription("Columns of the table for the file's fields, in order; default: the names in "
            + "the header row") @Nullable List<String> columns,
            @JsonPropertyDescription(
            "One character between fields; default: comma. \\t for a tab") @Nullable String delimiter,
            @JsonPropertyDescription(
            "What stands for NULL where it is not quoted; default: nothing at all") @Nullable String nullText,
            @JsonPropertyDescription("fail (default): stop at the first row that does not fit; skip: leave such rows "
            + "out and count them") @Nullable OnBadRow onBadRow,
            @JsonPropertyDescription("Encoding of the file; default: UTF-8") @Nullable String encoding,
            @JsonPropertyDescription("Rows per transaction and checkpoint; default: 10000") @Min(100) @Max(
                    1_000_000) @Nullable Integer chunkRows) {

        Input {
            if ((file == null) == (text == null) || file != null && file.isBlank()) {
                throw new IllegalArgumentException(
                        "what is imported must be given as file or as text, and not as both");
            }
            delimiter = delimiter == null ? "," : delimiter.equals("\\t") ? "\t" : delimiter;
            if (delimiter.length() != 1 || delimiter.charAt(0) > '~' || "\"\r\n\0".contains(delimiter)) {
                throw new IllegalArgumentException("delimiter must be one ASCII character and neither quote nor line "
                        + "end, not " + Text.quoted(delimiter));
            }
            if (columns != null && columns.isEmpty()) {
                throw new IllegalArgumentException("columns must name at least one column, or be left out");
            }
            nullText = nullText == null ? "" : nullText;
            onBadRow = onBadRow == null ? OnBadRow.fail : onBadRow;
            encoding = encoding == null ? "UTF-8" : encoding;
            chunkRows = chunkRows == null ? 10_000 : chunkRows;
            try {
                Charset.forName(encoding);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
                throw new IllegalArgumentException("encoding must be one that exists, e.g. UTF-8 or windows-1252, not "
                        + Text.quoted(encoding));
            }
        }

        Format format() {
            return new Format(delimiter.charAt(0), nullText, Charset.forName(encoding));
        }
    }

    /// @param rows        how many rows the import added
    /// @param skippedRows the first 20 of the skipped
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
        // the same bytes in every attempt, at whichever node
        var file = Files.createTempFile("longhaul-rows", ".csv");
        try {
            return load(input, Files.writeString(file, input.text, Charset.forName(input.encoding)), context);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Output load(Input input, Path file, TaskContext context) throws Exception {
        var allowed = allowed(input.table);
        var header = CsvRows.header(file, input.format());
        var columns = columns(input, header.columns());
        var table = ImportTable.open(jdbc, allowed.schema, allowed.name, columns, input.format().encoding());
        try (var run = new Loading(input, context, file, table)) {
            return run.load(new Chunk(0, 0, header.position(), 0, false, List.of()));
        }
    }

    private record Name(String schema, String name) {}

    private Name allowed(String table) throws NotRetryable {
        var parts = table.split("\\.", -1);
        var name = parts.length == 1 ? new Name("import", table) : new Name(parts[0], parts[parts.length - 1]);
        if (parts.length > 2 || name.schema.isBlank() || name.name.isBlank()) {
            throw new NotRetryable("table must be a name like import.orders, not " + Text.quoted(table));
        }
        if (!settings.allow(name.schema, name.name)) {
            throw new NotRetryable(("table %s.%s is not among those that may be imported into: "
                    + "longhaul.csv-import.tables allows %s")
                    .formatted(name.schema, name.name, settings.tables().isEmpty()
                            ? "none" : String.join(", ", settings.tables())));
        }
        return name;
    }

    private static List<String> columns(Input input, List<String> header) throws NotRetryable {
        var columns = input.columns == null ? header : input.columns;
        if (columns.size() != header.size()) {
            throw new NotRetryable("columns must name one column for each of the %d fields of the header row, not %d"
                    .formatted(header.size(), columns.size()));
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new NotRetryable("each column must be named once, not as in "
                    + Text.quoted(String.join(", ", columns)));
        }
        return columns;
    }

    /// The checkpoint behind a chunk.
    ///
    /// @param rows    imported since the file's start
    /// @param skipped since the file's start
    /// @param last    the position of the last row that was dealt with
    /// @param read    how many bytes of the file, packed or not, are done
    /// @param atEnd   nothing follows
    /// @param bad     of this chunk, as long as there are not enough examples
    record Chunk(long rows, long skipped, Position last, long read, boolean atEnd, List<Skipped> bad) {}

    /// One run of one import.
    private static final class Loading implements AutoCloseable {

        private final Input input;
        private final TaskContext context;
        private final Path file;
        private final long size;
        private final ImportTable table;
        private final List<Skipped> examples = new ArrayList<>();
        private @Nullable CsvRows rows;   // opened when the first chunk is due that no earlier run has loaded
        private long rowsBefore;
        private long startedAt;

        Loading(Input input, TaskContext context, Path file, ImportTable table) throws IOException {
            this.input = input;
            this.context = context;
            this.file = file;
            this.size = Files.size(file);
            this.table = table;
        }

        Output load(Chunk start) throws Exception {
            var done = start;
            for (var n = 1; !done.atEnd; n++) {
                var before = done;
                done = context.transaction("chunk-" + n, Chunk.class, database -> next(before, database));
                examples.addAll(done.bad);
                if (rows != null) {
                    report(done);
                }
            }
            context.conclude(HumanFormat.count(done.rows) + " rows imported into " + table + skipped(done));
            return new Output(table.toString(), done.rows, done.skipped, examples, size);
        }

        private Chunk next(Chunk before, StepTransaction database) throws Exception {
            if (rows == null) {
                rows = CsvRows.after(before.last, file, input.format());
                rowsBefore = before.rows;
                startedAt = System.nanoTime();
            }
            var chunk = new ArrayList<Row>();
            var bytes = 0;
            var atEnd = false;
            while (chunk.size() < input.chunkRows && bytes < CHUNK_BYTES && !atEnd) {
                if (rows.hasNext()) {
                    chunk.add(rows.next());
                    bytes += chunk.getLast().copy().length;
                } else {
                    atEnd = true;
                }
            }
            var bad = new ArrayList<Skipped>();
            var loaded = table.load(chunk, database.connection(), context::check, (row, reason) -> {
                if (input.onBadRow == OnBadRow.fail) {
                    throw new NotRetryable("line %d: %s. The %s rows of the chunks before stay in %s"
                            .formatted(row.line(), reason, HumanFormat.count(before.rows), table));
                }
                bad.add(new Skipped(row.line(), reason));
            });
            var last = chunk.isEmpty() ? before.last : chunk.getLast().position();
            var read = atEnd ? size : Math.min(rows.bytesRead(), size);
            return new Chunk(before.rows + loaded, before.skipped + bad.size(), last, read, atEnd,
                    bad.stream().limit(EXAMPLES - examples.size()).toList());
        }

        private void report(Chunk done) {
            context.report(done.read, Math.max(size, 1), "%s rows, %s of %s, %s rows/s%s"
                    .formatted(HumanFormat.count(done.rows), HumanFormat.bytes(done.read),
                    HumanFormat.bytes(size), HumanFormat.perSecond(done.rows - rowsBefore, startedAt), skipped(done)));
        }

        private static String skipped(Chunk done) {
            return done.skipped == 0 ? "" : ", " + HumanFormat.count(done.skipped) + " skipped";
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
            }
        }
    }
}
