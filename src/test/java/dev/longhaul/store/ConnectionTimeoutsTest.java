package dev.longhaul.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;

/// Every wait for the database ends, as the connection itself and the server say.
@LonghaulTest
class ConnectionTimeoutsTest {

    @Autowired
    private DataSource pool;

    @Autowired
    private EngineConnection engine;

    @Test
    void everyConnectionOfTheServiceHasTimeouts() throws SQLException {
        try (var connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).as("socket").isEqualTo(40_000);
            assertThat(timeouts(connection)).isEqualTo(Map.of("statement_timeout", 30_000, "lock_timeout", 15_000,
                    "idle_in_transaction_session_timeout", 60_000));
        }
    }

    @Test
    void everyConnectionOfTheEngineHasTimeouts() throws SQLException {
        try (var connection = engine.dataSource().getConnection()) {
            assertThat(connection.getNetworkTimeout()).as("socket").isEqualTo(15_000);
            assertThat(timeouts(connection)).isEqualTo(Map.of("statement_timeout", 10_000, "lock_timeout", 250,
                    "idle_in_transaction_session_timeout", 10_000));
            assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold()).isEqualTo(1);
        }
    }

    private static Map<String, Integer> timeouts(Connection connection) throws SQLException {
        var timeouts = new HashMap<String, Integer>();
        try (var statement = connection.createStatement(); var row = statement.executeQuery("""
                select name, setting::int from pg_settings
                where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
                """)) {
            while (row.next()) {
                timeouts.put(row.getString(1), row.getInt(2));
            }
        }
        return timeouts;
    }
}
