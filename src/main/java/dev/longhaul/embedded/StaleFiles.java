package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

/// Unfinished files and directories of a start that was killed.
final class StaleFiles {

    private StaleFiles() {}

    /// A directory that cannot be deleted stays: an `initdb` may still write to it. Its name is never reused.
    static void delete(Path dir) throws IOException {
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
