package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The folder with the files to import. No path leads outside.
record ImportFolder(Path dir) {

    /// @param file relative to the folder, e.g. `2026/orders.csv.gz`
    /// @return real path without links, so that the opened file is the checked file
    /// @throws NotRetryable if there is no such file, or it is not below the folder
    Path find(String file) throws NotRetryable, IOException {
        var path = path(file);
        if (path.isAbsolute()) {
            throw new NotRetryable("file must be a path below the import folder, not the absolute path "
                    + Text.quoted(file));
        }
        if (!Files.isDirectory(dir)) {
            throw new NotRetryable("the import folder does not exist: longhaul.csv-import.dir is "
                    + dir.toAbsolutePath().normalize());
        }
        var root = dir.toRealPath();
        if (!root.resolve(path).normalize().startsWith(root)) {
            throw outside(file);
        }
        try {
            var real = root.resolve(path).toRealPath();
            if (!real.startsWith(root)) {
                throw outside(file);
            }
            if (!Files.isRegularFile(real)) {
                throw new NotRetryable(Text.quoted(file) + " in the import folder is not a file");
            }
            return real;
        } catch (NoSuchFileException missing) {
            throw new NotRetryable("there is no file " + Text.quoted(file)
                    + " in the import folder (longhaul.csv-import.dir)");
        }
    }

    private static Path path(String file) throws NotRetryable {
        try {
            return Path.of(file);
        } catch (InvalidPathException invalid) {
            throw new NotRetryable("file must be a path below the import folder, not " + Text.quoted(file));
        }
    }

    private static NotRetryable outside(String file) {
        return new NotRetryable("file must stay below the import folder; " + Text.quoted(file) + " leads out of it");
    }
}
