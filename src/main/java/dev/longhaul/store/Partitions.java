package dev.longhaul.store;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// The days' partitions, made ahead. A day that came without one would have its operations in the default partition for
/// ever, from where they cannot be dropped with their day.
@Repository
public class Partitions {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Partitions(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    // A new partition locks the whole table for a moment. Behind a transaction that stays open it would wait, and
    // everybody behind it.
    private static final String PATIENCE = "set local lock_timeout = '250ms'";
    private static final String ENSURE = "select ensure_partitions(:days)";

    /// Those of today and so many days ahead; fails rather than waits when the tables are in use for long.
    ///
    /// @return how many were missing
    public int ensure(int days) {
        var made = transaction.execute(_ -> {
            jdbc.sql(PATIENCE).update();
            return jdbc.sql(ENSURE).param("days", days).query(Integer.class).single();
        });
        return made == null ? 0 : made;
    }
}
