package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/// The engine's own connections, for the run writer and the lease heartbeat: callers that use up the service's pool
/// keep no node from writing its runs or renewing its lease.
///
/// Their planner settings fit the statements of [RunStore#carry] only. Generic plans made while a queue was empty chose
/// to scan the whole table and hash it (6,000 operations/s); with these every row is reached by its id (20,000/s). A
/// lock that somebody holds on a row makes the statement fail after a quarter of a second instead of stopping the whole
/// node.
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
