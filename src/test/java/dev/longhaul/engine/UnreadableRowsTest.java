package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;

/// A row that cannot be read harms nobody: values that PostgreSQL takes and Java may not, in each column of an
/// operation, beside 29 good operations.
@LonghaulTest
@TestPropertySource(properties = "longhaul.engine.backoff=50ms")
class UnreadableRowsTest {

    private static final Caller ANN = new Caller("ann", "test");
    private static final String HUGE = "'{\"a\": 1e1001}'";
    private static final Map<String, List<String>> VALUES = Map.of(
            "text", List.of("''", "' '", "repeat('x', 100000)", "e'\\x01'", "e'a\\nb'", "'🙂'"),
            "timestamptz", List.of("'infinity'", "'-infinity'", "'0001-01-01Z'", "'4713-01-01Z BC'",
                    "'294276-01-01Z'"),
            "jsonb", List.of("'null'", "'1e1001'", HUGE, "'[1]'", "'\"x\"'", "'{\"a\": 1e-1001}'",
                    "('{\"a\": ' || repeat('[', 600) || repeat(']', 600) || '}')::jsonb",
                    "jsonb_build_object(repeat('k', 60000), 1)", "'{\"kind\": \"nonsense\"}'"),
            "interval", List.of("'178000000 years'", "'-1 day'", "'0'", "'1 microsecond'", "'1 mon -30 days'"),
            "_text", List.of("'{NULL}'", "'{{a,b},{c,d}}'", "'[5:6]={a,b}'", "'{\"\"}'",
                    "array_fill('x'::text, array[5000])"),
            "_uuid", List.of("'{NULL}'", "'{}'"),
            "int4", List.of("2147483647", "-2147483648", "0"),
            "int8", List.of("9223372036854775807", "-1"),
            "float4", List.of("'NaN'", "'Infinity'", "-1"),
            "numeric", List.of("'NaN'", "-1", "999.99"));
    /// Of the engine's own, which it sets with each claim.
    private static final Set<String> NOT_TYPED = Set.of("id", "status", "version", "history_seq", "run_id", "worker_id",
            "type", "queue", "namespace", "claim_group");

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @LocalServerPort
    int port;
    @Value("${test.superuser-url}")
    String superuserUrl;

    record Column(String name, String kind) {}

    @Test
    void theOthersComplete() throws Exception {
        var superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        sql.sql("insert into queue (name, paused) values ('mixed', true)").update();
        var bad = new ArrayList<UUID>();
        for (var column : columns(superuser)) {
            for (var value : VALUES.get(column.kind)) {
                var insert = "insert into operation (type, queue, input" + ", " + column.name
                        + ") values ('simulation', 'mixed', '{\"duration_seconds\": 0, \"steps\": 1}', " + value
                        + ") returning id";
                if (column.name.equals("input")) {
                    insert = "insert into operation (type, queue, input) values ('simulation', 'mixed', " + value
                            + ") returning id";
                }
                add(superuser, insert, bad);                                  // as people type it
                if (!column.kind.startsWith("int")) {
                    add(HistoricData.writer(superuserUrl), insert, bad);      // behind the triggers
                }
            }
        }
        assertThat(bad).hasSizeGreaterThan(50);
        var good = sql.sql("""
                insert into operation (type, queue, input)
                select 'simulation', 'mixed', '{"duration_seconds": 0, "steps": 1}' from generate_series(1, 29)
                    returning id
                """).query(UUID.class).list();
        sql.sql("update queue set paused = false where name = 'mixed'").update();

        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                sql.sql("select count(*) from operation where id = any(:ids::uuid[]) and status = 'completed'")
                        .param("ids", good.toArray(UUID[]::new)).query(Integer.class).single()).isEqualTo(29));

        try (var http = HttpClient.newHttpClient()) {
            for (var path : List.of("/operations?page_size=200&filter=queue:mixed", "/operations?filter=status:pending",
                    "/operations?filter=status:failed", "/operations:counts")) {
                assertThat(http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                        .build(), HttpResponse.BodyHandlers.ofString()).statusCode()).as(path).isEqualTo(200);
            }
        }
        bad.forEach(id -> {
            assertThat(store.find(new OperationId(id))).isPresent();
            store.cancel(new OperationId(id), "unreadable", ANN);
        });
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(sql.sql("""
                select jsonb_strip_nulls(to_jsonb(o) - 'input')::text from operation o
                where queue = 'mixed' and status in ('pending', 'running', 'waiting')
                """).query(String.class).list()).isEmpty());
    }

    @Test
    void anInputThatCannotBeReadFailsWithASentence() {
        var id = HistoricData.writer(superuserUrl).sql("insert into operation (type, input) values ('simulation', " + HUGE
                + ") returning id").query(UUID.class).single();
        sql.sql("select pg_notify('operation_ready', 'default')").query((_, _) -> 0).single();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(store.find(new OperationId(id)).orElseThrow().error()).isNotNull()
                        .satisfies(error -> assertThat(error.message()).contains("cannot be read")));
    }

    private static List<Column> columns(JdbcClient superuser) {
        return superuser.sql("""
                select column_name, udt_name from information_schema.columns
                where table_schema = 'public' and table_name = 'operation' order by ordinal_position
                """).query((row, _) -> new Column(row.getString(1), row.getString(2))).list().stream()
                .filter(column -> VALUES.containsKey(column.kind) && !NOT_TYPED.contains(column.name)).toList();
    }

    private static void add(JdbcClient database, String insert, List<UUID> bad) {
        try {
            bad.add(database.sql(insert).query(UUID.class).single());
        } catch (DataAccessException refused) {
            assertThat(refused.getMostSpecificCause().getMessage()).isNotBlank();
        }
    }
}
