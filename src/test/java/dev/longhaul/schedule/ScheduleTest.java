package dev.longhaul.schedule;

import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Common parts of tests that create schedules.
@LonghaulTest
abstract class ScheduleTest {

    static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Schedules schedules;
    @Autowired
    OperationStore store;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    final String name = "test " + UUID.randomUUID();

    @AfterEach
    void deleteSchedules() {
        psql("update schedule set deleted_at = now() where deleted_at is null");
        // an operation that ends meanwhile moves to another partition
        await().ignoreExceptions().untilAsserted(() -> psql("update operation set status = 'cancelled' where "
                + "schedule_id is not null and status in ('pending', 'waiting', 'running')"));
    }

    ScheduleSpec everySecond(Submission work) {
        return ScheduleSpec.of(name,
                new Timing.Every(Duration.ofSeconds(1), Instant.parse(text("select to_char(now() at time zone 'UTC', "
                + "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"))), work);
    }

    Submission shortWork() {
        return simulation(0);
    }

    Submission longWork() {
        return simulation(60);
    }

    Submission simulation(int seconds) {
        return Submission.of("simulation", json.createObjectNode().put("duration_seconds", seconds).put("steps",
                Math.max(1, seconds * 10)));
    }

    List<ScheduledRun> runs() {
        return schedules.runs(name, null, 200);
    }

    Operation operation(ScheduledRun run) {
        return store.find(new OperationId(run.operationId())).orElseThrow();
    }

    String text(String query) {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(query).query(String.class).single();
    }

    void psql(String statements) {
        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(statements).update();
    }
}
