package dev.longhaul.bench.chaos.journal;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// All entries in the order of writing, in memory and as JSON lines in a file.
public final class Journal implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<Entry> entries = new ArrayList<>();
    private final Writer file;

    public Journal(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file);
    }

    public synchronized void add(Entry entry) {
        entries.add(entry);
        try {
            file.write(JSON.writeValueAsString(Map.of(entry.getClass().getSimpleName(), entry)));
            file.write('\n');
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
