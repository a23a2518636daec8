package dev.longhaul.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The database's time. Durations such as "in five minutes" and "24 hours ago" then mean the same at every node.
@Repository
public class DatabaseClock {

    private static final String NOW = "select now()";

    private final JdbcClient jdbc;

    DatabaseClock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public Instant now() {
        return jdbc.sql(NOW).query(OffsetDateTime.class).single().toInstant();
    }
}
