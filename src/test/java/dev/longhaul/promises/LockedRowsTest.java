package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.HistoricData;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Requests that wait for the database, beside requests that need not wait.
class LockedRowsTest {

    private static final String SUBMISSION =
            "{\"type\": \"simulation\", \"input\": {\"duration_seconds\": 600, \"steps\": 10}}";
    private static final TestDatabase.Database database = TestDatabase.shared().fresh();
    private static final DriverManagerDataSource superuser = new DriverManagerDataSource(database.superuserUrl());
    private static final JdbcClient sql = JdbcClient.create(superuser);
    private static final HttpClient http = HttpClient.newHttpClient();
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = Service.start(database, Service.freePort()).awaitUp();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    void cancelsOfALockedOperationAreAnswered503AndDelayNothingElse() throws Exception {
        var id = submit();
        var other = submit();
        try (var lock = locked("select 1 from operation where id = '" + id + "' for update")) {
            var cancels = many(30, "POST", "/api/v1/operations/" + id + ":cancel", "{}");
            awaitWaitingBackends(2);

            assertThat(service.get("/health").statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(service.get("/api/v1/operations").statusCode()).isEqualTo(200);
            assertThat(service.get("/api/v1/operations/" + id).statusCode()).isEqualTo(200);
            assertThat(service.post("/api/v1/operations", SUBMISSION).statusCode()).isEqualTo(202);

            assertThat(cancels).allSatisfy(cancel -> assertIsRefused(cancel.join()));
            lock.rollback();
        }
        assertThat(sql.sql("select count(*) from operation where id = :id and cancel_requested_at is not null")
                .param("id", UUID.fromString(id)).query(Long.class).single()).as("cancels with an effect").isZero();
        for (var free : List.of(id, other)) {
            assertThat(service.post("/api/v1/operations/" + free + ":cancel", "{}").statusCode()).isIn(200, 202);
        }
    }

    @Test
    void requestsToALockedTableAreAnswered503WhileHealthStaysGood() throws Exception {
        var id = submit();
        try (var lock = locked("lock table operation in access exclusive mode")) {
            var requests = Stream.of(many(20, "POST", "/api/v1/operations", SUBMISSION),
                    many(20, "GET", "/api/v1/operations", ""), many(20, "GET", "/api/v1/operations/" + id, ""),
                    many(20, "POST", "/api/v1/operations/" + id + ":pause", "{}"),
                    many(5, "GET", "/api/v1/operations:counts?filter=tag:none", "")).flatMap(List::stream).toList();
            awaitWaitingBackends(4);

            assertThat(service.get("/health").statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(requests).allSatisfy(request -> assertIsRefused(request.join()));
            lock.rollback();
        }
        assertThat(service.get("/api/v1/operations/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void listsThatWaitLeaveConnectionsToSubmissions() throws Exception {
        try (var lock = locked("lock table webhook in access exclusive mode")) {
            var lists = many(40, "GET", "/api/v1/webhooks", "");
            awaitWaitingBackends(2);

            assertThat(service.post("/api/v1/operations", SUBMISSION).statusCode()).isEqualTo(202);
            assertThat(lists).allSatisfy(list -> assertIsRefused(list.join()));
            lock.rollback();
        }
    }

    @Test
    void countsThatCannotEndInTimeSaySo() throws Exception {
        var crowded = TestDatabase.shared().fresh();
        HistoricData.writer(crowded.superuserUrl()).sql("""
                insert into operation (type, claim_group, input, status, finished_at, progress)
                select 'simulation', '', '{}', 'cancelled', now(), 0 from generate_series(1, 100000)
                """).update();
        try (var impatient = Service.start(crowded, Service.freePort(), "--longhaul.database.statement-timeout=20ms",
                "--longhaul.engine.enabled=false").awaitUp()) {
            for (var request : List.of(impatient.get("/api/v1/operations:counts?filter=input.a:none"),
                    impatient.post("/api/v1/operations:bulkRetry",
                    "{\"filter\": \"input.a:none\", \"dry_run\": true}"))) {
                assertIsRefused(request);
                assertThat(request.body()).contains("expected a narrower one");
            }
        }
    }

    private static void assertIsRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    private static String submit() throws Exception {
        var body = service.post("/api/v1/operations", SUBMISSION).body();
        return body.replaceAll("(?s).*?\"operation_id\" ?: ?\"([^\"]+)\".*", "$1");
    }

    private static List<CompletableFuture<HttpResponse<String>>> many(int number, String method, String path,
            String body) {
        var request = HttpRequest.newBuilder(service.uri(path)).timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return IntStream.range(0, number)
                .mapToObj(_ -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString())).toList();
    }

    private static void awaitWaitingBackends(int number) {
        await().atMost(Duration.ofSeconds(20)).until(() -> sql.sql("""
                select count(*) from pg_stat_activity where application_name = 'longhaul' and wait_event_type = 'Lock'
                    and datname = current_database()
                """).query(Long.class).single() >= number);
    }

    private static Connection locked(String statement) throws SQLException {
        var connection = superuser.getConnection();
        connection.setAutoCommit(false);
        try (var locking = connection.createStatement()) {
            locking.execute(statement);
        }
        return connection;
    }
}
