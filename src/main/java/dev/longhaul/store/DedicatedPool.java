package dev.longhaul.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/// Connections to the service's database beside its pool, for statements that need planner settings of their own.
/// Statements are prepared from the first time on, and a database that is away is noticed soon.
final class DedicatedPool {

    private DedicatedPool() {
    }

    /// @param settings what each connection says first, e.g. `set jit = off`
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
        config.setConnectionInitSql(settings);
        config.addDataSourceProperty("prepareThreshold", 1);
        config.addDataSourceProperty("socketTimeout", 15);
        config.addDataSourceProperty("tcpKeepAlive", true);
        config.addDataSourceProperty("ApplicationName", "longhaul " + name);
        return new HikariDataSource(config);
    }
}
