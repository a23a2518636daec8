package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A node that serves, while a statement of its start still fails.
class StartedNodeTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();

    @Test
    void aNodeThatServesGoesOnWhenTheDatabaseRefusesAStatementOfItsStart() throws Exception {
        Service.start(database, Service.freePort()).awaitUp().terminate();   // makes the tables
        try (var connection = DriverManager.getConnection(database.superuserUrl());
                var sql = connection.createStatement()) {
            sql.execute("insert into remote_type (type, input_schema) values ('simulation', '{}')");
            sql.execute("do $$ begin execute format('alter database %I set lock_timeout = ''500ms''', "
                    + "current_database()); end $$");
            connection.setAutoCommit(false);
            sql.execute("lock table remote_type in share mode");   // as a row that another session holds for long
            try (var node = Service.start(database, Service.freePort()).awaitUp()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> node.log().contains("lock timeout")
                        || node.awaitExit(Duration.ofMillis(100)));
                assertThat(node.awaitExit(Duration.ofSeconds(3))).as("its process ended: %s", node.log()).isFalse();

                connection.commit();

                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    try (var rows = sql.executeQuery("select count(*) from remote_type")) {
                        return rows.next() && rows.getInt(1) == 0;
                    } finally {
                        connection.commit();
                    }
                });
            }
        }
    }
}
