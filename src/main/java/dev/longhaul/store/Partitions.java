package dev.longhaul.store;

import java.time.Duration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// The partitions of finished operations and of what belongs to operations, created ahead. Operations of days without one
/// are in the default partitions, which cannot be dropped: they leave by DELETE.
@Repository
public class Partitions {

    private static final Duration DAYS_UP_TO = Duration.ofDays(45);
    private static final Duration WEEKS_UP_TO = Duration.ofDays(366);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final String width;

    /// Reads `longhaul.retention.keep-finished`, whose record belongs to a package above this one. It decides how many
    /// days a partition has: at most about 60 partitions, however long operations are kept.
    Partitions(JdbcClient jdbc, TransactionTemplate transaction, Environment environment) {
        var kept = environment.getProperty("longhaul.retention.keep-finished", Duration.class);
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.width = kept == null || kept.compareTo(WEEKS_UP_TO) > 0 ? "quarter"
                : kept.compareTo(DAYS_UP_TO) > 0 ? "week" : "day";
    }

    // A new partition locks the whole table for a moment. Behind a transaction that stays open it would wait, and
    // everybody behind it.
    private static final String PATIENCE = "set local lock_timeout = '250ms'";
    private static final String ENSURE = "select create_partitions(:width, :days)";

    /// Creates those of today and so many days ahead; fails rather than waits when the tables are in use for long.
    ///
    /// @return how many were missing
    public int ensure(int days) {
        var made = transaction.execute(_ -> {
            jdbc.sql(PATIENCE).update();
            return jdbc.sql(ENSURE).param("width", width).param("days", days).query(Integer.class).single();
        });
        return made == null ? 0 : made;
    }
}
