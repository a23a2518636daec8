package dev.longhaul.history;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.store.RetentionStore.Part;
import dev.longhaul.store.RetentionStore.Partition;
import dev.longhaul.store.Workload;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Pattern;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Exports all operations submitted on a day, with history, steps, input requests and logs, to compressed files: one
/// per table, and a manifest with the number of rows and the SHA-256 of each. See docs/tasks.md.
@TaskType(value = "export_day", description = """
        Exports all operations submitted on one day or some days (UTC), with history, steps, input requests and logs, to compressed \
        files in the service's export folder, and a manifest with the number of rows and the SHA-256 of each. Returns \
        the folder and the files.""")
class ExportTask implements Task<ExportTask.Input, ExportTask.Output> {

    /// Spelled as in JSON.
    enum Format { jsonl, csv }

    record Input(@JsonPropertyDescription("e.g. 2026-01-31") @Pattern(regexp = "\\d{4}-\\d\\d-\\d\\d") String day,
            @JsonPropertyDescription("The first day after those to export; default the day after")
            @Pattern(regexp = "\\d{4}-\\d\\d-\\d\\d") @Nullable String until,
            @JsonPropertyDescription("jsonl (one JSON object a line) or csv; default jsonl") @Nullable Format format) {

        Input {
            if (until != null && !LocalDate.parse(until).isAfter(LocalDate.parse(day))) {
                throw new IllegalArgumentException("until must be after " + day + ", not " + until);
            }
        }

        Partition partition() {
            var first = LocalDate.parse(day);
            return new Partition(first, until == null ? first.plusDays(1) : LocalDate.parse(until));
        }
    }

    record Output(String folder, long rows, List<ExportedFile> files) {}

    /// @param sha256 of the compressed file, in hexadecimal
    record ExportedFile(String file, long rows, long bytes, String sha256) {}

    private final RetentionStore store;
    private final RetentionSettings settings;
    private final JsonMapper json;

    ExportTask(RetentionStore store, RetentionSettings settings, JsonMapper json) {
        this.store = store;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        if (settings.exportFolder() == null) {
            throw new NotRetryable("longhaul.retention.export-folder is not set");
        }
        try (var _ = Workload.BULK.enter()) {
            return export(input, settings.exportFolder(), context);
        }
    }

    private Output export(Input input, Path exportFolder, TaskContext context) throws Exception {
        var partition = input.partition();
        var format = input.format() == null ? Format.jsonl : input.format();
        var folder = Files.createDirectories(exportFolder.resolve(input.day()).toAbsolutePath());
        var expected = store.estimate(partition);
        var files = new ArrayList<ExportedFile>();
        for (var part : Part.values()) {
            var before = files.stream().mapToLong(ExportedFile::rows).sum();
            files.add(context.step(part.name(), ExportedFile.class, () -> write(part, partition, format, folder,
                    rows -> context.report(Math.min(before + rows, expected), Math.max(expected, 1), "writing "
                    + part.name().toLowerCase(Locale.ROOT)))));
        }
        var output = new Output(folder.toString(), files.stream().mapToLong(ExportedFile::rows).sum(), files);
        Files.writeString(folder.resolve("manifest.json"), json.writerWithDefaultPrettyPrinter()
                .writeValueAsString(output));
        context.transaction("exported", Void.class, transaction -> {
            store.exported(transaction, partition, context.operationId(), folder.toString());
            return null;
        });
        context.conclude("Exported " + output.rows() + " rows to " + folder);
        return output;
    }

    /// Writes under another name and renames when complete. Readable by the service's user only, because the file
    /// contains inputs and outputs.
    private ExportedFile write(Part part, Partition partition, Format format, Path folder, Progress progress)
            throws Exception {
        var name = part.name().toLowerCase(Locale.ROOT) + "." + format + ".gz";
        var unfinished = folder.resolve(name + ".part");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var digest = MessageDigest.getInstance("SHA-256");
        long rows;
        try (var file = new DigestOutputStream(Files.newOutputStream(unfinished), digest); var zip =
                new GZIPOutputStream(file, 1 << 16)) {
            rows = store.copy(part, partition, format == Format.jsonl, new RowCounter(zip, progress));
        }
        var whole = Files.move(unfinished, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        return new ExportedFile(name, rows, Files.size(whole), HexFormat.of().formatHex(digest.digest()));
    }

    private interface Progress {
        void after(long rows);
    }

    /// Reports every 1,000 rows; PostgreSQL sends one row per write.
    private static final class RowCounter extends FilterOutputStream {

        private final Progress progress;
        private long rows;

        RowCounter(OutputStream out, Progress progress) {
            super(out);
            this.progress = progress;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            if (++rows % 1_000 == 0) {
                progress.after(rows);
            }
        }
    }
}
