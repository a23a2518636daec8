package dev.longhaul.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;

/// Every wait for the database ends, as the connection itself and the server say.
@LonghaulTest
class ConnectionTimeoutsTest {

    @Autowired
    private DataSource pool;

    @Autowired
    private EngineConnection engine;

    @ParameterizedTest
    @EnumSource
    void everyConnectionOfTheServiceHasTheTimeoutsOfItsWorkload(Workload kind) throws SQLException {
        var statement = switch (kind) {
            case BACKGROUND -> 30_000;
            case BULK -> 3_600_000;
            case SUBMIT, CHANGE, LIST, READ, WORKER, MCP -> 2_000;
        };
        try (var _ = kind.enter(); var connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).as("socket").isEqualTo(statement + 1_000);
            assertThat(timeouts(connection)).isEqualTo(Map.of("statement_timeout", statement,
                    "lock_timeout", kind.isRequest() ? 2_000 : 15_000,
                    "idle_in_transaction_session_timeout", 60_000));
        }
    }

    @Test
    void bulkWorkHasTwoConnections() throws SQLException {
        try (var _ = Workload.BULK.enter(); var one = pool.getConnection(); var two = pool.getConnection()) {
            var third = Thread.ofVirtual().unstarted(() -> {
                try (var _ = Workload.BULK.enter(); var _ = pool.getConnection()) {
                    throw new IllegalStateException("a third connection");
                } catch (SQLException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            third.start();
            await().until(() -> third.getState() == Thread.State.TIMED_WAITING);
            third.interrupt();
            assertThat(List.of(one, two)).allSatisfy(open -> assertThat(open.isValid(1)).isTrue());
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
