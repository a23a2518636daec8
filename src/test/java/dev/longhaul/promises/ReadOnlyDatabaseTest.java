package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// A database that takes no writes: health and readiness tell it, and reads and streams go on.
class ReadOnlyDatabaseTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final String name = database.url().substring(database.url().lastIndexOf('/') + 1);
    private final JdbcClient superuser = JdbcClient.create(new DriverManagerDataSource(
            database.superuserUrl().replace("/" + name, "/postgres")));

    @Test
    void aReadOnlyDatabaseIsToldAndReadsAndStreamsGoOn() throws Exception {
        try (var service = Service.start(database, Service.freePort()).awaitUp()) {
            var id = new JsonMapper().readTree(service.post("/api/v1/operations", """
                    {"type": "simulation", "input": {"duration_seconds": 0, "steps": 1},
                     "run_at": "2099-01-01T00:00:00Z"}""").body()).path("operation_id").asString();
            try (var http = HttpClient.newHttpClient(); var lines = new BufferedReader(new InputStreamReader(http.send(
                    HttpRequest.newBuilder(service.uri("/progress/" + id + "/stream")).build(),
                    HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
                setReadOnly(true);

                await().atMost(PATIENCE).until(() -> service.get("/health").body().contains("read_only"));
                assertThat(service.get("/health").statusCode()).isEqualTo(503);
                assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
                assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
                await().atMost(PATIENCE).until(() -> service.get("/api/v1/operations/" + id).statusCode() == 200);
                var refused = service.post("/api/v1/operations/" + id + ":cancel", "{}");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();

                setReadOnly(false);

                await().atMost(PATIENCE).until(() -> service.get("/health").statusCode() == 200);
                assertThat(service.get("/health").body()).doesNotContain("read_only");
                await().atMost(PATIENCE).until(() ->
                        service.post("/api/v1/operations/" + id + ":cancel", "{}").statusCode() == 200);
                assertThat(lines.lines().anyMatch(line -> line.contains("\"cancelled\""))).isTrue();
            }
        }
    }

    /// For new sessions; all others end.
    private void setReadOnly(boolean isReadOnly) {
        superuser.sql("alter database " + name + " set default_transaction_read_only = " + isReadOnly).update();
        superuser.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = :name "
                + "and pid <> pg_backend_pid()").param("name", name).query(Long.class).single();
    }
}
