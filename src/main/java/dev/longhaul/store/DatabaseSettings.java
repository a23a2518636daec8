package dev.longhaul.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param statementTimeout      longest statement of a request, e.g. 2s; after it the response is 503
/// @param lockTimeout           longest wait of a request for a lock, e.g. 2s; after it the response is 503
/// @param backgroundConnections connections for loops and tasks, beside those for requests
@ConfigurationProperties("longhaul.database")
public record DatabaseSettings(@DefaultValue("2s") Duration statementTimeout, @DefaultValue("2s") Duration lockTimeout,
        @DefaultValue("10") int backgroundConnections) {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    public DatabaseSettings {
        requireTimeout("statement-timeout", statementTimeout);
        requireTimeout("lock-timeout", lockTimeout);
        if (backgroundConnections < 2) {
            throw new IllegalArgumentException("longhaul.database.background-connections must be at least 2, not "
                    + backgroundConnections);
        }
    }

    private static void requireTimeout(String name, Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("longhaul.database." + name + " must be between 1ms and 10m, not "
                    + timeout);
        }
    }
}
