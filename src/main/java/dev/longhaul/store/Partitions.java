package dev.longhaul.store;

import java.time.Duration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Creates the partitions of finished operations and of their data in advance. Operations of days without a partition
/// are in the default partitions. Default partitions cannot be dropped, so retention deletes their rows.
@Repository
public class Partitions {

    private static final Duration DAYS_UP_TO = Duration.ofDays(45);
    private static final Duration WEEKS_UP_TO = Duration.ofDays(366);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final String width;

    /// Reads `longhaul.retention.keep-finished`, whose record belongs to a package above this one. It sets the days per
    /// partition: at most about 60 partitions for any retention.
    Partitions(JdbcClient jdbc, TransactionTemplate transaction, Environment environment) {
        var kept = environment.getProperty("longhaul.retention.keep-finished", Duration.class);
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.width = kept == null || kept.compareTo(WEEKS_UP_TO) > 0 ? "quarter"
                : kept.compareTo(DAYS_UP_TO) > 0 ? "week" : "day";
    }

    // A new partition locks the whole table briefly. Behind a long transaction it would wait, and block all later
    // statements.
    private static final String PATIENCE = "set local lock_timeout = '250ms'";
    private static final String ENSURE = "select create_partitions(:width, :days)";

    /// Creates the partitions of today and of `days` days ahead. Fails if the tables stay locked.
    ///
    /// @return number of new partitions
    public int ensure(int days) {
        var made = transaction.execute(_ -> {
            jdbc.sql(PATIENCE).update();
            return jdbc.sql(ENSURE).param("width", width).param("days", days).query(Integer.class).single();
        });
        return made == null ? 0 : made;
    }
}
