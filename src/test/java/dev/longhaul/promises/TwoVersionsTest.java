package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.ReferenceClient;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A rolling update: the version before and this one work side by side on one database, whose schema is the new one's
/// and then one of a version to come.
class TwoVersionsTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient owner = JdbcClient.create(new DriverManagerDataSource(database.url(), database.ownerUser(),
            database.ownerPassword()));
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void twoVersionsWorkSideBySideAndOneReplacesTheOther() throws Exception {
        var ports = new int[] {Service.freePort(), Service.freePort()};
        var ids = new ArrayList<String>();
        try (var before = Service.startPrevious(database, ports[0], "--longhaul.engine.slots=4").awaitUp()) {
            var old = new ReferenceClient(before.uri("/"));
            for (var n = 0; n < 8; n++) {
                ids.add(old.start("rehearsal", 4, 8));
            }
            try (var after = Service.start(database, ports[1], "--longhaul.engine.slots=4").awaitUp()) {
                var current = new ReferenceClient(after.uri("/"));
                for (var n = 0; n < 8; n++) {
                    ids.add((n % 2 == 0 ? old : current).start("rehearsal", 2, 4));
                }
                var cancelled = current.start("rehearsal", 60, 60);
                assertThat(old.call("cancel_task", "{\"operation_id\": \"" + cancelled + "\"}").get("status")
                        .asString()).isEqualTo("success");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> current.progress(cancelled).get("status").asString().equals("cancelled"));

                aVersionToComeMigrates();
                for (var client : List.of(old, current, old, current)) {
                    ids.add(client.start("rehearsal", 1, 2));
                }
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> ids.stream().allMatch(id -> isCompleted(current, id)));
                ids.forEach(id -> assertThat(isCompleted(old, id)).isTrue());
                assertThat(sql.sql("select count(distinct worker_id) from operation_history").query(Integer.class)
                        .single()).as("both carried").isEqualTo(2);

                var last = old.start("rehearsal", 5, 10);
                assertThat(before.terminate()).isIn(0, 143);
                await().atMost(Duration.ofSeconds(60)).until(() -> isCompleted(current, last));
            }
        }
        assertThat(sql.sql("select count(*) from operation_history where reason = 'worker lease expired'").query(Integer.class)
                .single()).as("nobody was taken for dead").isZero();

        try (var back = Service.startPrevious(database, ports[0]).awaitUp()) {   // the update is taken back
            var old = new ReferenceClient(back.uri("/"));
            var id = old.start("rehearsal", 1, 2);
            await().atMost(Duration.ofSeconds(60)).until(() -> isCompleted(old, id));
        }
    }

    /// What the commonest migration does, under services that have their statements prepared: a column more in each of
    /// the large tables.
    private void aVersionToComeMigrates() {
        for (var table : List.of("operation", "operation_history", "operation_step", "operation_log", "worker",
                "queue")) {
            owner.sql("alter table " + table + " add column of_a_version_to_come text default 'x'").update();
        }
        owner.sql("""
                insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                select max(installed_rank) + 1, '999', 'of a version to come', 'SQL',
                    'V999__of_a_version_to_come.sql', 0, current_user, 0, true from flyway_schema_history
                """).update();
    }

    private static boolean isCompleted(ReferenceClient client, String id) {
        try {
            return client.progress(id).get("status").asString().equals("completed");
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
