package dev.longhaul.embedded;

import java.nio.file.Path;

/// Another living service has the directory.
public class DirectoryInUseException extends EmbeddedPostgresException {

    DirectoryInUseException(Path dir, String holder) {
        super("The data directory %s must be used by one service only, and %s uses it already.".formatted(dir, holder),
                "Stop that service, or give this one another directory (longhaul.embedded.dir) or a shared database "
                + "(spring.datasource.url).");
    }
}
