package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Callers who use up the pool's connections, and statements that take too long.
class BusyDatabaseTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final DriverManagerDataSource superuser = new DriverManagerDataSource(database.superuserUrl());
    private final JdbcClient sql = JdbcClient.create(superuser);
    private final HistoryChecker judge = new HistoryChecker(sql);

    @Test
    void callersWhoHoldAllConnectionsForLongerThanTheLeaseKeepNoRunFromGoingOn() throws Exception {
        try (var service = Service.start(database, Service.freePort(), "--spring.datasource.hikari.maximum-pool-size=3",
                "--spring.datasource.hikari.minimum-idle=1", "--longhaul.database.lock-timeout=15s",
                "--longhaul.engine.lease=2s").awaitUp()) {
            sql.sql("insert into operation (type, input) select 'simulation', '{\"duration_seconds\": 8, \"steps\": "
                    + "16}' from generate_series(1, 6)").update();
            await().until(() -> judge.count("select count(*) from operation where status = 'running'") == 6);

            try (var customers = new LoadClients(12, 10, service.uri("/"))) {
                try (var lock = locked("idempotency_key", "access exclusive")) {
                    await().atMost(Duration.ofSeconds(20)).until(() -> judge.count(
                            "select count(*) from pg_stat_activity where application_name = 'longhaul' and "
                            + "wait_event_type = 'Lock' and datname = current_database()") >= 1);
                    assertThat(service.awaitExit(Duration.ofSeconds(6))).as("the node has ended").isFalse();
                    assertThat(customers.refused()).as("the pool was used up").isPositive();
                    lock.rollback();
                }
                customers.judge(judge);
            }
        }
        judge.allAreCompletedOnce();
        assertThat(judge
                .count("select count(*) from operation_history where to_status = 'running' and event = 'status'"))
                .as("each ran once")
                .isEqualTo(judge.count("select count(*) from operation"));
    }

    @Test
    void statementsThatAreCutOffAreMadeUpFor() throws Exception {
        sql.sql("alter role longhaul_service in database " + database.url().replaceAll(".*/", "")
                + " set statement_timeout = '300ms'").update();
        try (var service = Service.start(database, Service.freePort()).awaitUp(); var customers =
                new LoadClients(4, 10, service.uri("/"))) {
            for (var n = 1; n <= 2; n++) {
                var before = judge.count("select count(*) from operation where status = 'completed'");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> judge.count("select count(*) from operation where status = 'completed'") > before
                        + 10);
                try (var lock = locked("operation", "share row exclusive")) {
                    var refused = customers.refused();
                    await().atMost(Duration.ofSeconds(20)).until(() -> customers.refused() > refused + 8);
                    lock.rollback();
                }
            }
            customers.judge(judge);
        }
    }

    private Connection locked(String table, String mode) throws SQLException {
        var connection = superuser.getConnection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table " + table + " in " + mode + " mode");
        }
        return connection;
    }
}
