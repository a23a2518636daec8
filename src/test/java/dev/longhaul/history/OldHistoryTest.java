package dev.longhaul.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Cost follows live work: running operations, background loops and requests read almost nothing of earlier days.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.metrics.sample-interval=200ms", "longhaul.audit.chain.interval=200ms"})
class OldHistoryTest {

    private static final List<String> PATHS = List.of("/operations", "/operations?filter=status:failed",
            "/operations?filter=type:simulation", "/operations?filter=queue:none",
            "/operations?filter=status:running,pending",
            "/operations:counts", "/types", "/workers", "/queues", "/stats?window=48h", "/error-groups?since=48h",
            "/audit?since=1h", "/schedules", "/webhooks",
            "/operations?filter=key:nobody%20status:completed",
            "/operations?filter=rerun_of:00000000-0000-7000-8000-000000000000",
            "/operations?filter=parent:00000000-0000-7000-8000-000000000000");

    // 40,000 finished operations of yesterday with their history and chain digests.
    private static final String OPERATIONS = """
            insert into operation (id, type, queue, status, attempt, progress, created_at, started_at, updated_at,
                finished_at, error, version, history_seq)
            select (left(operation_id_at(at)::text, 14) || '7' || substr(random, 1, 3) || '-8'
                || substr(random, 4, 3) || '-' || right(random, 12))::uuid, 'report_' || n % 5, 'past', status,
                   1, case when status = 'completed' then 100 else 40 end, at, at, at, at, case
                       when status = 'failed'
                       then '{"type": "java.io.IOException", "message": "disk full"}'::jsonb end, 3, 3
            from (select n, md5(n::text) as random, case when n % 100 = 0 then 'failed' else 'completed' end as status,
                         ((now() at time zone 'UTC')::date - 1)::timestamp at time zone 'UTC'
                             + n * interval '2 seconds' as at from generate_series(1, 40000) as n) as past""";
    private static final String HISTORY = """
            insert into operation_history (operation_id, seq, version, at, event, to_status, attempt, changed_by,
                source, progress, txid)
            select id, seq, seq, created_at, case seq when 1 then 'submitted'
                else 'status' end, status, least(seq - 1, 1), 'somebody', 'rest', 0, 3 from operation cross
                join generate_series(1, 3) as seq where queue = 'past'""";
    private static final String CHAIN_DIGESTS =
            "insert into chain_digest (operation_id, seq, hash) select id, 3, sha256(uuid_send(id)) from operation "
            + "where queue = 'past'";
    private static final String SUMMARIES =
            "select brin_summarize_new_values(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid "
            + "join pg_am on pg_am.oid = relam where amname = 'brin' and relkind = 'i'";

    // A session flushes its statistics when it ends.
    private static final String OTHER_SESSIONS =
            "select count(*) from pg_stat_activity where datname = current_database() and usename = current_user and "
            + "pid <> pg_backend_pid()";
    private static final String END_SESSIONS =
            "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where datname = current_database() "
            + "and usename <> current_user";
    private static final String READ = """
            select t.relname || ': ' || t.seq_tup_read || ' rows, ' || sum(i.idx_tup_read) || ' by an index'
            from pg_stat_user_tables t join pg_stat_user_indexes i using (relid)
            where t.relname ~ '^(operation|input|chain)_' and t.relname like '%'
                || to_char((now() at time zone 'UTC')::date - 1, '_YYYY_MM_DD')
            group by t.relname, t.seq_tup_read having t.seq_tup_read + sum(i.idx_tup_read) > 2000""";

    @LocalServerPort
    int port;
    @Autowired
    MeterRegistry meters;
    @Value("${test.superuser-url}")
    String superuserUrl;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void finishedOperationsAreNotReadAgain() throws Exception {
        // each statement in its own session
        var superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        HistoricData.makePartitions(superuser, LocalDate.now(ZoneOffset.UTC).minusDays(1));
        var past = HistoricData.writer(superuserUrl);
        for (var statement : List.of(OPERATIONS, HISTORY, CHAIN_DIGESTS, "analyze")) {
            past.sql(statement).update();
        }
        superuser.sql(SUMMARIES).query().listOfRows();
        Awaitility.await()
                .untilAsserted(() -> assertThat(superuser.sql(OTHER_SESSIONS).query(Long.class).single()).isZero());
        superuser.sql("select pg_stat_reset()").query().listOfRows();

        runWork(superuser);
        for (var path : PATHS) {
            assertThat(get("/api/v1" + path)).as(path).startsWith("{");
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(meters.get("longhaul.operations").tag("state", "delayed").gauge()
                .value()).as("a sample was taken").isEqualTo(1));

        superuser.sql(END_SESSIONS).query(Long.class).single();
        assertThat(superuser.sql(READ).query(String.class).list()).as("more than 2,000 of the 40,000 of yesterday")
                .isEmpty();
    }

    /// Runs 40 operations, cancels one in bulk, and changes a delayed one between two additions to its hash chain.
    private void runWork(JdbcClient superuser) throws Exception {
        var operations = new ArrayList<String>();
        for (var operation = 0; operation < 40; operation++) {
            operations.add(submit("now", "2020-01-01T00:00:00Z"));
        }
        submit("never", "2100-01-01T00:00:00Z");
        operations.add(send("POST", "/operations:bulkCancel", "{\"filter\": \"queue:never\"}").get("operation_id")
                .asString());
        send("POST", "/workers", "{\"name\": \"newcomer\", \"types\": [{\"type\": \"count_words\"}]}");
        var later = submit("later", "2100-01-01T00:00:00Z");
        await(superuser, later, 1);
        send("PATCH", "/operations/" + later, "{\"priority\": 7}");
        await(superuser, later, 2);
        for (var id : operations) {
            Awaitility.await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(json.readTree(get("/api/v1/operations/" + id)).at("/status")
                    .asString()).isEqualTo("completed"));
        }
    }

    private String submit(String queue, String runAt) throws IOException, InterruptedException {
        return send("POST", "/operations",
                ("{\"type\": \"simulation\", \"queue\": \"%s\", \"run_at\": \"%s\", \"input\": {\"duration_seconds\": "
                + "0, \"steps\": 2}}").formatted(queue, runAt)).get("operation_id").asString();
    }

    private static void await(JdbcClient superuser, String id, int seq) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                superuser.sql("select coalesce(max(seq), 0) from chain_digest where operation_id = :id::uuid")
                .param("id", id).query(Integer.class).single()).as("sealed").isEqualTo(seq));
    }

    private String get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    private JsonNode send(String method, String path, String body) throws IOException, InterruptedException {
        var answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 202);
        return json.readTree(answer.body());
    }
}
