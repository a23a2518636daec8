package dev.longhaul.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/// Connections outside the service's pool, for statements that need planner settings of their own. Statements are
/// prepared at their first use. Every wait for the database has a timeout. The socket's timeout is longer than the
/// statement's, so it ends only connections to an unresponsive server.
final class DedicatedPool {

    private static final String TIMEOUTS = """
            set statement_timeout = '10s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '10s';
            """;

    private DedicatedPool() {
    }

    /// @param settings SQL that each connection runs first, e.g. `set jit = off`
    static HikariDataSource open(JdbcConnectionDetails details, String name, int connections, String settings) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(details.getJdbcUrl());
        config.setUsername(details.getUsername());
        config.setPassword(details.getPassword());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(TIMEOUTS + settings);
        config.setValidationTimeout(2_000);
        // Strings: the driver ignores a number or a boolean.
        config.addDataSourceProperty("prepareThreshold", "1");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "15");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", "longhaul " + name);
        return new HikariDataSource(config);
    }
}
