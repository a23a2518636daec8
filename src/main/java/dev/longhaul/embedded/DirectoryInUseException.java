package dev.longhaul.embedded;

import java.nio.file.Path;

/// Another running service uses the directory.
public class DirectoryInUseException extends EmbeddedPostgresException {

    DirectoryInUseException(Path dir, String holder) {
        super("The data directory %s is already used by %s; only one service may use it.".formatted(dir, holder),
                "Stop that service, or give this one another directory (longhaul.embedded.dir) or a shared database "
                + "(spring.datasource.url).");
    }
}
