package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database connection that is silent without an error: its server process is frozen.
class SilentConnectionTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private final HistoryChecker checker = new HistoryChecker(sql);

    // Of the engine's connections only the writer's has transactions of several statements.
    private static final String WRITER = """
            select pid from pg_stat_activity
            where application_name = 'longhaul engine' and query = 'COMMIT' and datname = current_database()
            order by query_start desc limit 1
            """;

    @Test
    void aNodeWhoseWriterHangsForALeaseGivesItsRunsToOtherNodes() throws Exception {
        try (var first = start().awaitUp()) {
            sql.sql("insert into operation (type, input) values ('simulation', "
                    + "'{\"duration_seconds\": 25, \"steps\": 125}')").update();
            await().until(() -> checker.count("select count(*) from operation where progress > 2") == 1);
            try (var second = start().awaitUp()) {
                var writer = freezeWriter();
                try {
                    // sooner than the socket timeout of 15 s could tell
                    await().atMost(Duration.ofSeconds(13)).until(() -> checker.count(
                            "select count(*) from operation where attempt > 1") == 1);
                    assertThat(first.get("/actuator/health").body()).as("it says so").contains("DEGRADED");
                } finally {
                    signal("CONT", writer);
                }
                await().atMost(Duration.ofSeconds(60)).until(() -> checker.count(
                        "select count(*) from operation where status = 'completed'") == 1);
                assertThat(first.log()).contains("the run writer has not come back for");
                assertThat(first.log() + second.log()).as("one of them rescued it")
                        .contains("took back 1 operations of lost workers");
            }
        }
        checker.allAreCompletedOnce();
    }

    /// Between two transactions: a frozen transaction would keep its row locked, and no node could take it over.
    private long freezeWriter() throws IOException, InterruptedException {
        while (true) {
            await().atMost(Duration.ofMinutes(1)).until(() -> sql.sql(WRITER).query(Long.class).optional().isPresent());
            var writer = sql.sql(WRITER).query(Long.class).single();
            signal("STOP", writer);
            if (sql.sql("select state from pg_stat_activity where pid = :pid").param("pid", writer).query(String.class)
                    .single().equals("idle")) {
                return writer;
            }
            signal("CONT", writer);
        }
    }

    private Service start() {
        return Service.start(database, Service.freePort(), "--longhaul.engine.lease=3s");
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
    }
}
