package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

/// What a start that was killed left half made: directories and files that never got their final name.
final class StaleFiles {

    private StaleFiles() {}

    /// Whatever cannot be deleted stays: a half-dead `initdb` may still be writing there, and the name is never used
    /// again.
    static void clear(Path dir) throws IOException {
        try (var found = Files.newDirectoryStream(dir, "{unpacking,initdb,password}-*")) {
            for (var unfinished : found) {
                try {
                    FileSystemUtils.deleteRecursively(unfinished);
                } catch (IOException stillInUse) {
                    continue;
                }
            }
        }
    }
}
