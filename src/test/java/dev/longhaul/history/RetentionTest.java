package dev.longhaul.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulTest;
import dev.longhaul.mcp.McpClient;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.store.RetentionStore.Partition;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// Old days are deleted, operations to retain stay with their history, and requests for deleted operations say so.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class RetentionTest {

    private static final Caller ANN = new Caller("ann", "test");
    private static final Duration FINISHED = Duration.ofDays(30);
    private static final Duration FAILED = Duration.ofDays(90);
    private static final HttpClient http = HttpClient.newHttpClient();
    private static int days;

    @LocalServerPort
    int port;

    @Autowired
    RetentionStore store;
    @Autowired
    OperationStore operations;
    @Autowired
    RetentionSettings settings;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private JdbcClient superuser;
    private LocalDate day;
    private Partition partition;

    @BeforeEach
    void prepareOldDay() {
        superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        day = LocalDate.now(ZoneOffset.UTC).minusDays(50 + days++);
        partition = new Partition(day, day.plusDays(1));
        HistoricData.makePartitions(superuser, day);
    }

    @Test
    void oldFinishedOperationsAreDeletedAndOthersRetained() {
        var completed = List.of(old("completed", 50), old("completed", 50), old("cancelled", 50));
        var recent = old("completed", 3);
        var failed = old("failed", 50);
        var failedLongAgo = old("failed", 95);
        var waiting = old("waiting", 0);
        var held = old("completed", 50);
        assertThat(store.hold(held, "an inquiry", ANN)).isTrue();
        var counted = counted();

        var retired = store.retire(partition, FINISHED, FAILED, 100);

        assertThat(retired).isEqualTo(new RetentionStore.Retired(4L, 3L));
        assertThat(completed).allSatisfy(id -> assertThat(operations.find(id)).isEmpty());
        assertThat(operations.find(failedLongAgo)).isEmpty();
        assertThat(List.of(recent, failed, waiting, held)).allSatisfy(id -> {
            assertThat(operations.find(id)).isPresent();
            assertThat(history(id)).isPositive();
        });
        assertThat(history(completed.getFirst())).isZero();
        assertThat(store.partitions(day.plusDays(1))).doesNotContain(partition);
        assertThat(counted() - counted).as("counters").isEqualTo(-4);
        assertThat(counted()).isEqualTo(sql.sql("select count(*) from operation").query(Long.class).single());

        assertThat(store.gone(completed.getFirst())).hasValueSatisfying(gone -> assertThat(gone.partition()).isEqualTo(partition));
        assertThat(store.gone(new OperationId(new UUID(day.minusDays(400).toEpochDay() * 86_400_000L << 16, 0))))
                .isEmpty();

        assertThat(operations.cancel(waiting, "still alive", ANN))
                .hasValueSatisfying(operation -> assertThat(operation.isOver()).isTrue());
        assertThat(operations.runAgain(failed, "and so is this one", ANN)).isPresent();
        await().atMost(Duration.ofSeconds(30)).until(() -> operations.find(failed).orElseThrow().isOver());
    }

    @Test
    void everyInterfaceReportsADeletedOperationAsExpired() throws Exception {
        var id = old("completed", 50);
        store.retire(partition, FINISHED, FAILED, 100);
        var expected = "there is no operation " + id + " any more: those of " + day + " left on ";

        for (var path : List.of("/api/v1/operations/" + id, "/api/v1/operations/" + id + "/history",
                "/api/v1/operations/" + id + "/events", "/progress/" + id + "/stream")) {
            var response = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isEqualTo(410);
            assertThat(json.readTree(response.body()).path("code").asString()).as(path).isEqualTo("operation-expired");
            assertThat(response.body()).contains(expected);
        }
        var client = McpClient.modern(URI.create("http://127.0.0.1:" + port), McpClient.TASKS);
        assertThat(client.tool("get_task_progress", "{\"operation_id\": \"" + id + "\"}").toString())
                .contains(expected);
        assertThat(client.refused("tasks/get", "{\"taskId\": \"" + id + "\"}").get("message").asString())
                .startsWith(expected);
        var never = new OperationId(new UUID(day.minusDays(400).toEpochDay() * 86_400_000L << 16 | 0x7000, 1L << 63));
        assertThat(http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/operations/"
                + never)).build(), HttpResponse.BodyHandlers.ofString()).statusCode())
                .as("a day that was not deleted").isEqualTo(404);
    }

    @Test
    void aRetainedOperationIsDeletedAtTheEndOfItsOwnRetention() {
        var failed = old("failed", 50);
        var held = old("completed", 50);
        store.hold(held, "an inquiry", ANN);
        store.retire(partition, FINISHED, FAILED, 100);

        store.retire(null, FINISHED, Duration.ofDays(40), 0);
        assertThat(operations.find(failed)).isEmpty();
        assertThat(history(failed)).isZero();
        assertThat(counted()).as("counters")
                .isEqualTo(sql.sql("select count(*) from operation").query(Long.class).single());
        assertThat(operations.find(held)).as("held, whatever the limit of retained operations").isPresent();

        assertThat(store.release(held, ANN)).isTrue();
        assertThat(store.release(held, ANN)).isFalse();
        store.retire(null, FINISHED, FAILED, 10_000);
        assertThat(operations.find(held)).isEmpty();
    }

    @Test
    void anOperationChangedOrHeldAfterThePlanIsRetained() {
        var ids = List.of(old("completed", 50), old("completed", 50), old("completed", 50), old("cancelled", 50));
        var counted = counted();
        for (var part = 0; part < RetentionStore.PARTS; part++) {
            store.plan(partition, part, FINISHED, FAILED);
        }
        store.hold(ids.get(0), "an inquiry", ANN);
        sql.sql("update operation set tags = '{late}' where id = :id").param("id", ids.get(1).value()).update();
        operations.runAgain(ids.get(3), "after all", ANN);

        assertThat(store.retire(partition, FINISHED, FAILED, 100)).isEqualTo(new RetentionStore.Retired(1L, 2L));

        assertThat(ids.stream().map(id -> operations.find(id).isPresent())).containsExactly(true, true, false, true);
        assertThat(counted() - counted).as("counters").isEqualTo(-1);
        assertThat(counted()).isEqualTo(sql.sql("select count(*) from operation").query(Long.class).single());
        assertThat(superuser.sql("select count(*) from retirement_plan where first_day = :day").param("day", day).query(Long.class)
                .single()).isZero();
    }

    @Test
    void anOperationThatAnOpenTransactionChangesDuringThePlanIsRetained() throws Exception {
        var ids = List.of(old("completed", 50), old("completed", 50), old("completed", 50));
        var counted = counted();
        try (var older = new DriverManagerDataSource(superuserUrl).getConnection();
             var statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            sql.sql("update operation set tags = '{before}' where id = :id").param("id", ids.get(0).value()).update();
            statement.execute("update operation set tags = '{during}' where id = '" + ids.get(1) + "'");
            for (var part = 0; part < RetentionStore.PARTS; part++) {
                store.plan(partition, part, FINISHED, FAILED);
            }
            older.commit();
        }

        assertThat(store.retire(partition, FINISHED, FAILED, 100)).isEqualTo(new RetentionStore.Retired(1L, 2L));

        assertThat(ids.stream().map(id -> operations.find(id).isPresent())).containsExactly(true, true, false);
        assertThat(counted() - counted).as("counters").isEqualTo(-1);
        assertThat(counted()).isEqualTo(sql.sql("select count(*) from operation").query(Long.class).single());
    }

    @Test
    void aDayWithTooManyOperationsToRetainIsNotDeleted() {
        var ids = List.of(old("failed", 50), old("failed", 50), old("completed", 50));

        assertThat(store.retire(partition, FINISHED, FAILED, 1)).isEqualTo(new RetentionStore.Retired(null, 2L));
        assertThat(ids).allSatisfy(id -> assertThat(operations.find(id)).isPresent());
        assertThatThrownBy(() -> store.retire(recent(), FINISHED, FAILED, 1))
                .hasMessageContaining("which they cannot have reached");
    }

    /// The role of the service must not be able to delete recent operations.
    @Test
    void theServiceCannotDeleteBeforeTheLimitOfTheOwner() {
        var id = old("completed", 50);

        assertThatThrownBy(() -> store.retire(partition, Duration.ofHours(1), FAILED, 100))
                .hasMessageContaining("operations are kept for at least 1 day after their end, not 01:00:00");
        assertThatThrownBy(() -> sql.sql("update retention_limit set shortest = interval '0'").update()).rootCause()
                .hasMessageContaining("permission denied");
        superuser.sql("update retention_limit set shortest = interval '60 days'").update();
        try {
            assertThatThrownBy(() -> store.retire(partition, FINISHED, FAILED, 100)).hasMessageContaining("at least 60 days");
        } finally {
            superuser.sql("update retention_limit set shortest = interval '1 day'").update();
        }
        assertThat(operations.find(id)).isPresent();
    }

    @Test
    void aDayIsExportedBeforeItIsDeleted() throws Exception {
        var id = old("completed", 50);
        var retention = new RetentionLoop(store, operations, settings, json);

        retention.purge(FINISHED, FAILED);
        assertThat(operations.find(id)).as("not yet").isPresent();
        await().atMost(Duration.ofSeconds(60)).until(() -> store.isExported(partition));
        retention.purge(FINISHED, FAILED);
        assertThat(operations.find(id)).isEmpty();

        var folder = settings.exportFolder().resolve(day.toString());
        var manifest = json.readTree(folder.resolve("manifest.json"));
        assertThat(manifest.get("files")).hasSize(5).allSatisfy(file -> {
            var path = folder.resolve(file.get("file").asString());
            assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path))))
                    .isEqualTo(file.get("sha256").asString());
            assertThat(lines(path)).hasSize(file.get("rows").asInt());
        });
        var exported = json.readTree(lines(folder.resolve("operation.jsonl.gz")).getFirst());
        assertThat(exported.get("id").asString()).isEqualTo(id.toString());
        assertThat(exported.at("/input/text").asString()).isEqualTo("a \"quoted\" line\nand \\ another");
        assertThat(lines(folder.resolve("operation_history.jsonl.gz"))).hasSize(3).last().asString()
                .contains("\"to_status\": \"completed\"");
    }

    @Test
    void csvHasAHeaderAndRows() throws Exception {
        old("completed", 50);
        var id = operations.submit(Submission.of("export_day", json.createObjectNode().put("day", day.toString())
                .put("format", "csv")), ANN).operation().id();
        await().atMost(Duration.ofSeconds(60)).until(() -> operations.find(id).orElseThrow().isOver());

        assertThat(operations.find(id).orElseThrow().progress().message()).startsWith("Exported 4 rows to ");
        assertThat(lines(settings.exportFolder().resolve(day.toString()).resolve("operation_history.csv.gz")))
                .hasSize(4).first().asString().startsWith("operation_id,at,version,txid,seq,");
    }

    /// Creates an operation of the day that reached the status `daysAgo` days ago.
    private OperationId old(String status, int daysAgo) {
        var id = superuser.sql("select (left(operation_id_at(('" + day
                + "'::date + time '10:00') at time zone 'UTC')::text, 14) || '7' || right(operation_id()::text, "
                + "21))::uuid")
                .query(UUID.class).single();
        sql.sql("insert into operation (id, type, input, run_at) values (:id, 'simulation', '{\"duration_seconds\": "
                + "0, \"steps\": 1, \"text\": \"a \\\"quoted\\\" line\\nand \\\\ another\"}', "
                + "now() + interval '1 day')")
                .param("id", id).update();
        sql.sql("update operation set status = 'running', run_id = gen_random_uuid(), worker_id = gen_random_uuid() "
                + "where id = :id").param("id", id).update();
        sql.sql("update operation set status = :status where id = :id").param("id", id).param("status", status)
                .update();
        superuser.sql(("begin; set local session_replication_role = replica; update operation set finished_at = "
                + "finished_at - interval '%d days' where id = '%s'; commit")
                .formatted(daysAgo, id)).update();
        await().until(() -> sql.sql("select max(txid) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
                + "from operation_history where operation_id = :id").param("id", id).query(Boolean.class).single());
        return new OperationId(id);
    }

    private Partition recent() {
        var recent = LocalDate.now(ZoneOffset.UTC).minusDays(3);
        HistoricData.makePartitions(superuser, recent);
        return new Partition(recent, recent.plusDays(1));
    }

    private long history(OperationId id) {
        return sql.sql("select count(*) from operation_history where operation_id = :id").param("id", id.value())
                .query(Long.class).single();
    }

    private long counted() {
        return sql.sql("select sum(number)::bigint from (select number from operation_count union all "
                + "select case when to_status is null then 0 else number end - case when from_status <> 'submitted' "
                + "then number else 0 end from count_delta) as counted").query(Long.class).single();
    }

    private static List<String> lines(Path file) throws Exception {
        try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file))))) {
            return lines.lines().toList();
        }
    }
}
