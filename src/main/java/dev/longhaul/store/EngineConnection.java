package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/// The engine's own connections, for the run writer and the lease heartbeat. Callers that exhaust the service's pool do
/// not block run writes or lease renewals.
///
/// The planner settings fit the statements of [RunStore#write] only. Generic plans made while a queue was empty scanned
/// and hashed the whole table (6,000 operations/s). With these settings every row is read by its id (20,000
/// operations/s). A row lock held by another session fails the statement after 250 ms instead of blocking the node.
@Component
class EngineConnection {

    private static final String SETTINGS = """
            set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off;
            set enable_hashjoin = off; set enable_mergejoin = off; set enable_sort = off; set jit = off;
            set lock_timeout = '250ms'
            """;

    private final HikariDataSource dataSource;

    EngineConnection(JdbcConnectionDetails details) {
        this.dataSource = DedicatedPool.open(details, "engine", 3, SETTINGS);
    }

    DataSource dataSource() {
        return dataSource;
    }

    @PreDestroy
    void close() {
        dataSource.close();
    }
}
