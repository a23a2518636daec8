package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Connections that are lost while tasks read and write by themselves.
class ShortOutageTest {

    private static final int WORKFLOWS = 60;

    /// The workflow's task reads its steps and its nodes each time that it continues.
    private static final String CHAIN = IntStream.range(0, 4).mapToObj(n -> """
            "n%d": {"type": "simulation", "input": {"duration_seconds": 0, "steps": 1}%s}
            """.formatted(n, n == 0 ? "" : ", \"needs\": [\"n" + (n - 1) + "\"]"))
            .collect(Collectors.joining(",", "{\"nodes\": {", "}}"));

    private static final String TERMINATE = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where application_name = 'longhaul background' and datname = current_database()
            """;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void shortLossesOfTheDatabaseCostNoAttempts() throws Exception {
        try (var service = Service.start(database, Service.freePort()).awaitUp()) {
            for (var n = 0; n < WORKFLOWS; n++) {
                assertThat(service.post("/api/v1/workflows", CHAIN).statusCode()).isEqualTo(202);
            }
            await("a task lost its connection, and all ended").atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(300)).until(() -> {
                        sql.sql(TERMINATE).query(Long.class).single();
                        var isHit = service.log().contains("a task waits");
                        if (!isHit) {
                            service.post("/api/v1/workflows", CHAIN);
                        }
                        return isHit && sql.sql("select count(*) from operation where status in ('pending', 'running', "
                                + "'waiting')").query(Long.class).single() == 0;
                    });

            assertThat(sql.sql("""
                    select o.type, o.status, h.error from operation o join operation_history h on h.operation_id = o.id
                    where (o.failures > 0 or o.status <> 'completed') and h.error is not null
                    """).query().listOfRows()).isEmpty();
            assertThat(service.log()).doesNotContain("the database refuses an entry");
        }
    }
}
