package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Services that are told to stop, frozen, or killed and started again.
class StoppedServicesTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private final int port = Service.freePort();
    private Service service;

    @BeforeEach
    void startService() throws Exception {
        service = start(port);
    }

    @AfterEach
    void stopService() throws Exception {
        service.close();
    }

    @Test
    void aServiceThatIsToldToStopReleasesAtTheNextCheckpointAndAnotherGoesOn() throws Exception {
        var id = simulation(20, 20);
        awaitProgress(id, 10);
        var asked = System.nanoTime();

        assertThat(service.terminate()).as("exit code").isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).as("did not wait for the end of the task")
                .isLessThan(Duration.ofSeconds(8));
        assertThat(status(id)).isEqualTo("pending");
        assertThat(sql.sql("select reason from operation where id = :id").param("id", id).query(String.class).single())
                .isEqualTo("its worker stopped");
        try (var other = start(Service.freePort())) {
            await().atMost(Duration.ofSeconds(20)).until(() -> status(id).equals("running"));
            assertThat(sql.sql("select attempt from operation where id = :id").param("id", id).query(Integer.class)
                    .single())
                    .as("a drain costs no attempt").isEqualTo(1);
            assertThat(progress(id)).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void aFrozenServiceIsFencedAndItsOperationsAreCarriedOnByAnother() throws Exception {
        try (var other = start(Service.freePort())) {
            var ids = List.of(simulation(12, 12), simulation(12, 12), simulation(12, 12), simulation(12, 12));
            ids.forEach(id -> awaitProgress(id, 5));
            var held = sql.sql("select o.id from operation o join worker w on w.id = o.worker_id where w.name like '%:"
                    + port + "'").query(UUID.class).list();

            signal("STOP");
            service.awaitExit(LEASE.multipliedBy(2));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sql.sql("select count(*) from operation_history where reason = 'worker lease expired'")
                    .query(Integer.class).single() == held.size());
            signal("CONT");

            await().atMost(Duration.ofSeconds(40))
                    .until(() -> ids.stream().allMatch(id -> status(id).equals("completed")));
            assertThat(sql.sql("""
                    select max(ends) from (select count(*) as ends from operation_history
                        where to_status = 'completed' group by operation_id) as c""")
                    .query(Integer.class).single()).isEqualTo(1);
            if (!held.isEmpty()) {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> service.log().contains("this node was declared lost"));
            }
        }
    }

    @Test
    void aKilledServiceThatIsStartedAgainResumesItsOwnWorkAtOnce() throws Exception {
        var id = simulation(30, 30);
        awaitProgress(id, 5);
        var before = progress(id);

        service.kill();
        service = Service.start(database, port);   // with the default lease of 15 s
        service.awaitUp();
        var up = System.nanoTime();

        await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20))
                .until(() -> status(id).equals("running"));
        assertThat(Duration.ofNanos(System.nanoTime() - up)).isLessThan(Duration.ofSeconds(3));
        assertThat(progress(id)).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aTaskThatEatsAllMemoryFailsAndTheOthersGoOn() throws Exception {
        var others = List.of(simulation(6, 12), simulation(6, 12), simulation(6, 12));
        others.forEach(id -> awaitProgress(id, 5));
        var hungry =
                sql.sql("insert into operation (type, max_attempts, input) values ('tricks', 1, '{\"trick\": \"eat "
                + "all memory\"}') returning id").query(UUID.class).single();

        await().atMost(Duration.ofSeconds(60)).until(() -> status(hungry).equals("failed"));
        assertThat(sql.sql("select error ->> 'type' from operation where id = :id").param("id", hungry)
                .query(String.class).single()).isEqualTo("java.lang.OutOfMemoryError");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> others.stream().allMatch(id -> status(id).equals("completed")));
        // An attempt of another task may fail when its thread asks for memory just then; no lease was lost.
        assertThat(sql.sql("select count(*) from operation_history where reason = 'worker lease expired'")
                .query(Integer.class).single()).isZero();
        assertThat(service.get("/health").statusCode()).isEqualTo(200);
    }

    private Service start(int port) throws InterruptedException {
        var service = Service.start(database, port, "--longhaul.engine.lease=" + LEASE.toSeconds() + "s");
        service.awaitUp();
        return service;
    }

    private UUID simulation(int seconds, int steps) {
        return sql.sql("insert into operation (type, input) values ('simulation', :input::jsonb) returning id")
                .param("input", "{\"duration_seconds\": %d, \"steps\": %d}".formatted(seconds, steps)).query(UUID.class)
                        .single();
    }

    private void awaitProgress(UUID id, double percent) {
        await().atMost(Duration.ofSeconds(20)).until(() -> progress(id) >= percent);
    }

    private double progress(UUID id) {
        return sql.sql("select progress from operation where id = :id").param("id", id).query(Double.class).single();
    }

    private String status(UUID id) {
        return sql.sql("select status from operation where id = :id").param("id", id).query(String.class).single();
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(service.pid())).start().waitFor();
    }
}
