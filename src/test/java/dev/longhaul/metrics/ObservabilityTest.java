package dev.longhaul.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.ReferenceClient;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Health, metrics, traces and info of a real service.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservabilityTest {

    private static final JsonMapper json = new JsonMapper();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private Collector collector;
    private Service service;
    private ReferenceClient client;
    private String completed;
    private String failed;

    @BeforeAll
    void start() throws Exception {
        collector = new Collector();
        service = Service.start(database, Service.freePort(), "--longhaul.metrics.sample-interval=200ms",
                "--longhaul.metrics.max-pending-age=2s", "--longhaul.live.listen-heartbeat=1s",
                "--longhaul.metrics.traces-endpoint=" + collector.url(), "--logging.structured.format.console=ecs",
                "--logging.level.dev.longhaul.engine.TaskRunner=debug").awaitUp();
        client = new ReferenceClient(service.uri("/"));
        sql.sql("insert into queue (name, paused) values ('frozen', true)").update();
        submit("{\"task_type\": \"simulation\", \"queue\": \"frozen\"}");
        submit("{\"task_type\": \"simulation\", \"queue\": \"frozen\", \"priority\": 5}");
        completed = submit("{\"task_type\": \"simulation\", \"duration_seconds\": 0.2, \"steps\": 2}");
        failed = submit("{\"task_type\": \"http_request\", \"input\": {\"url\": \"http://nowhere.example/\"}}");
        await().until(() -> !status(completed).equals("running") && !status(failed).equals("running"));
    }

    private String submit(String arguments) throws Exception {
        var call = "{\"jsonrpc\": \"2.0\", \"method\": \"tools/call\", \"id\": 1, \"params\": {\"name\": "
                + "\"start_long_task\", \"arguments\": " + arguments + "}}";
        return ReferenceClient.parsed(client.post(call, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01").body())
                .at("/data/operation_id").asString();
    }

    private String status(String id) throws Exception {
        return client.progress(id).get("status").asString();
    }

    @AfterAll
    void stop() throws Exception {
        service.close();
        collector.close();
    }

    @Test
    void healthReportsComponentsLivenessAndReadiness() throws Exception {
        await().untilAsserted(() -> assertThat(get("/actuator/health").at("/components/leases/details/alive").asInt())
                .isOne());
        var components = get("/actuator/health").get("components");

        assertThat(components.at("/engine/details/slots").asInt()).isEqualTo(100);
        assertThat(components.at("/engine/details/lease_renewed_seconds_ago").asDouble()).isBetween(0.0, 15.0);
        assertThat(components.at("/listener/details/listening").asBoolean()).isTrue();
        assertThat(components.at("/listener/details/notify_lag_seconds").asDouble()).isPositive();
        assertThat(components.at("/db/status").asString()).isEqualTo("UP");
        assertThat(get("/actuator/health/liveness").get("components").propertyNames())
                .containsExactlyInAnyOrder("livenessState", "engine");
        assertThat(get("/actuator/health/readiness").get("components").propertyNames())
                .containsExactlyInAnyOrder("readinessState", "db");
        assertThat(json.readTree(service.get("/health").body()).get("status").asString())
                .as("health of the reference interface").isEqualTo("healthy");
    }

    @Test
    void anOldPendingOperationDegradesHealthButNotReadiness() throws Exception {
        await().untilAsserted(() -> {
            assertThat(get("/actuator/health").get("status").asString()).isEqualTo("DEGRADED");
            assertThat(get("/actuator/health").at("/components/backlog/details/queues/frozen/depth").asInt())
                    .isEqualTo(2);
            assertThat(get("/actuator/health").at("/components/backlog/details/queues/frozen/oldest_seconds")
                    .asDouble()).isGreaterThan(2);
        });
        assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/liveness").get("status").asString()).isEqualTo("UP");
        assertThat(service.get("/actuator/prometheus").body()).contains("longhaul_queue_depth{queue=\"frozen\"} 2.0");
    }

    @Test
    void metricsCountRunsByOutcomeAndMeasureTheirDuration() {
        await().untilAsserted(() -> assertThat(service.get("/actuator/prometheus").body())
                .contains("longhaul_runs_total{outcome=\"completed\",queue=\"default\",type=\"simulation\"} 1.0")
                .contains("longhaul_runs_total{outcome=\"failed\",queue=\"default\",type=\"http_request\"} 1.0")
                .contains("longhaul_run_seconds_bucket{queue=\"default\",type=\"simulation\",le=\"0.1\"} 0")
                .contains("longhaul_run_seconds_bucket{queue=\"default\",type=\"simulation\",le=\"10.0\"} 1")
                .contains("longhaul_queue_wait_seconds_count{queue=\"default\"} 2")
                .contains("longhaul_listening 1.0", "longhaul_slots 100.0", "longhaul_rescued_total 0.0",
                        "longhaul_workers{state=\"alive\"} 1.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yaml"})
    void everyMetricOfDashboardAndAlertsExists(String file) throws Exception {
        await().until(() -> service.get("/actuator/prometheus").body()
                .contains("longhaul_runs_total{outcome=\"failed\""));
        await().until(() -> service.get("/actuator/prometheus").body().contains("longhaul_queue_depth"));
        var exported = service.get("/actuator/prometheus").body().lines().filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0]).collect(Collectors.toCollection(TreeSet::new));

        assertThat(expressions(file)).hasSizeGreaterThan(8).allSatisfy(expression -> {
            var names = Pattern.compile("\\b[a-z]+(_[a-z]+)+\\b(?!\\()")
                    .matcher(expression.replaceAll("\\{[^}]*}|by \\([^)]*\\)|\\$__\\w+", "")).results()
                    .map(found -> found.group()).toList();
            assertThat(names).as(expression).isNotEmpty();
            assertThat(exported).as(expression).containsAll(names);
        });
    }

    private static List<String> expressions(String file) throws IOException {
        return Pattern.compile("\"?expr\"?: (\".*\"|.*)").matcher(Files.readString(Path.of(file))).results()
                .map(found -> found.group(1).replace("\\\"", "\"")).toList();
    }

    @Test
    void aRunIsInTheTraceOfTheRequestThatSubmittedIt() {
        await().atMost(Duration.ofSeconds(15)).until(() -> collector.spans().stream().map(Collector.Span::name).toList()
                .containsAll(List.of("run simulation", "run http_request")));
        var run = collector.spans().stream().filter(span -> span.name().equals("run simulation")).findFirst()
                .orElseThrow();
        var submit = collector.spans().stream().filter(span -> span.id().equals(run.parent())).findFirst()
                .orElseThrow();

        assertThat(submit.name()).isEqualTo("POST /mcp");
        assertThat(submit.parent()).isEqualTo("00f067aa0ba902b7");
        assertThat(List.of(run.trace(), submit.trace())).containsOnly(TRACE);
        assertThat(sql.sql("select trace_parent from operation where id = ?::uuid").param(completed).query(String.class)
                .single())
                .isEqualTo("00-" + TRACE + "-" + submit.id() + "-01");
    }

    @Test
    void logLinesOfARunNameItsOperationAndAttempt() {
        var lines = service.log().lines().filter(line -> line.contains(completed)).map(json::readTree).toList();

        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line.get("operation_id").asString()).isEqualTo(completed);
            assertThat(line.get("attempt").asString()).isEqualTo("1");
            assertThat(line.get("trace_id").asString()).isEqualTo(TRACE);
        });
    }

    @Test
    void infoNamesTheBuildAndTheSchema() throws Exception {
        var info = get("/actuator/info");

        assertThat(info.at("/build/artifact").asString()).isEqualTo("longhaul");
        assertThat(get("/health").path("version")).isEqualTo(info.at("/build/version"));
        assertThat(info.at("/schema/version").asString()).matches("\\d+(\\.\\d+)?");
        assertThat(info.at("/schema/pending").asInt()).isZero();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return json.readTree(service.get(path).body());
    }
}
