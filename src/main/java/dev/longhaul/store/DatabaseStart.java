package dev.longhaul.store;

import com.zaxxer.hikari.HikariConfig;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits at the start of a node until the database accepts connections. PostgreSQL refuses them while it starts and
/// while it recovers after a crash.
final class DatabaseStart {

    private static final Logger log = LoggerFactory.getLogger(DatabaseStart.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int TRIES_PER_MESSAGE = 10;
    /// Cannot connect now, shutdown, crash shutdown, too many connections, no connection, connection failure.
    private static final Set<String> TRANSIENT = Set.of("57P03", "57P01", "57P02", "53300", "08001", "08006");

    private DatabaseStart() {
    }

    /// @throws DatabaseNotReady if the database accepts no connection within the time
    static void await(HikariConfig pool, Duration timeout) {
        var until = System.nanoTime() + timeout.toNanos();
        for (var tries = 0; ; tries++) {
            try (var _ = DriverManager.getConnection(pool.getJdbcUrl(), properties(pool))) {
                return;
            } catch (SQLException refused) {
                if (!TRANSIENT.contains(String.valueOf(refused.getSQLState()))) {
                    return;   // it does not pass by itself: the first statement reports it
                }
                if (System.nanoTime() > until) {
                    throw new DatabaseNotReady(pool.getJdbcUrl(), timeout, refused);
                }
                if (tries % TRIES_PER_MESSAGE == 0) {
                    log.warn("waiting for the database, at most {} s: {}", timeout.toSeconds(), refused.getMessage());
                }
            }
            pause();
        }
    }

    private static Properties properties(HikariConfig pool) {
        var properties = new Properties();
        if (pool.getUsername() != null) {
            properties.setProperty("user", pool.getUsername());
        }
        if (pool.getPassword() != null) {
            properties.setProperty("password", pool.getPassword());
        }
        pool.getDataSourceProperties().forEach((name, value) ->
                properties.setProperty(String.valueOf(name), String.valueOf(value)));
        return properties;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the wait for the database was interrupted", stopped);
        }
    }
}
