package dev.longhaul.store;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Limits of the database server that would stop the service, each with the setting to change.
@Repository
public class DatabaseLimits {

    /// Sessions that may read all partitions at once, e.g. lists, exports and `pg_dump`.
    private static final int FULL_READS = 4;
    private static final long OLDEST_TRANSACTION = 1_000_000_000;

    private final JdbcClient jdbc;

    DatabaseLimits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    // A statement locks each table and index that it opens. All sessions share the lock table.
    private static final String READ = """
            select current_setting('max_locks_per_transaction')::bigint
                       * (current_setting('max_connections')::bigint
                           + current_setting('max_prepared_transactions')::bigint)
                       as lock_table,
                   (select count(*) from pg_class
                    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'i', 'I')
                      and relname ~ '^(operation|input_request|chain_digest)') as locks,
                   current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                       as connections,
                   (select count(*) from pg_stat_activity where backend_type = 'client backend') as connected,
                   (select age(datfrozenxid) from pg_database where datname = current_database()) as transaction_age
            """;

    /// @param locks          locks of one statement that reads all partitions
    /// @param transactionAge transactions since the oldest unfrozen one; at 2,000,000,000 the database stops
    public record Usage(long lockTable, long locks, long connections, long connected, long transactionAge) {

        /// Limits that are nearly reached, each with the setting to change.
        public List<String> warnings() {
            var warnings = new ArrayList<String>();
            if (locks * FULL_READS > lockTable) {
                warnings.add("A read of all partitions takes %d locks, and the lock table has %d: raise ".formatted(
                        locks, lockTable) + "max_locks_per_transaction");
            }
            if (connected * 10 > connections * 9) {
                warnings.add("%d of %d connections are in use: raise max_connections".formatted(connected, connections));
            }
            if (transactionAge > OLDEST_TRANSACTION) {
                warnings.add("The oldest transaction id is %d transactions old: let autovacuum freeze, and end the "
                        .formatted(transactionAge) + "transactions that stay open");
            }
            return warnings;
        }
    }

    public Usage usage() {
        return jdbc.sql(READ).query((row, _) -> new Usage(row.getLong("lock_table"), row.getLong("locks"),
                row.getLong("connections"), row.getLong("connected"), row.getLong("transaction_age"))).single();
    }
}
