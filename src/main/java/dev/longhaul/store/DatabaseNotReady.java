package dev.longhaul.store;

import java.time.Duration;

/// The database accepted no connection while the node started.
public class DatabaseNotReady extends RuntimeException {

    DatabaseNotReady(String url, Duration waited, Exception refused) {
        super("The database at %s accepted no connection within %d s: %s".formatted(url.replaceFirst("\\?.*", ""),
                waited.toSeconds(), refused.getMessage()), refused);
    }
}
