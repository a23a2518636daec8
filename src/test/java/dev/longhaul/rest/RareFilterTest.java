package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulTest;
import dev.longhaul.mcp.McpClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

/// Promise 4 of package api: few among many are found page by page, none of which looks at all there is.
@LonghaulTest
@TestPropertySource(properties = "longhaul.engine.slots=9")   // a database of its own
class RareFilterTest {

    private static boolean isWritten;

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;

    /// A past of 60,000: every thousandth of customer 42; 1 of 100 failed, and of these every tenth at something else.
    @BeforeEach
    void aLongPast() {
        if (isWritten) {
            return;
        }
        isWritten = true;
        var past = HistoricData.writer(superuserUrl);
        past.sql("""
                insert into operation (type, queue, status, attempt, progress, message, created_at, started_at,
                    updated_at, finished_at, input, error, tags, metadata)
                select case when n % 7000 = 0 then 'report.seldom' else 'report.often' end, 'past', status, 1, case
                    when status = 'completed' then 100 else 40 end, 'Wrote ' || n,
                       now(), now(), now(), now() + n * interval '1 ms',
                           jsonb_build_object('customer', jsonb_build_object('id', case when n % 1000 = 0 then 42
                           else n end)),
                       case when status = 'failed' then jsonb_build_object('type', 'java.io.IOException', 'message',
                           case when n % 1000 = 100 then 'disk full' else 'no route to host ' || n end) end,
                       case when n % 5 = 0 then '{nightly}'::text[] else '{}' end, case when n % 15000 = 1
                           then '{"tenant": "acme"}'::jsonb else '{}' end
                from (select n, case when n % 100 = 0 then 'failed' else 'completed' end as status
                    from generate_series(1, 60000) as n) as made""").update();
        past.sql("analyze operation").update();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            input.customer.id:42                            | input #>> '{customer,id}' = '42'
            message:"Wrote 7*" -message:"Wrote 70*"         | message like 'Wrote 7%' and message not like 'Wrote 70%'
            error:"disk*"                                   | error ->> 'message' like 'disk%'
            status:failed error:"disk full"                 | status = 'failed' and error ->> 'message' = 'disk full'
            status:failed type:report.seldom                | status = 'failed' and type = 'report.seldom'
            type:report.s* input.customer.id:42             | type = 'report.seldom' and input #>> '{customer,id}' = '42'
            queue:past duration>59s                         | finished_at - started_at > interval '59 s'
            tag:nightly input.customer.id:42                | tags @> '{nightly}' and input #>> '{customer,id}' = '42'
            metadata.tenant:acme                            | metadata ->> 'tenant' = 'acme'
            metadata.tenant:acme -status:failed progress>99 | metadata ->> 'tenant' = 'acme' and status = 'completed'
            tag:morning,seldom                              | false
            key:nobody                                      | false
            attempt>1 input.customer.id:42                  | false
            status:pending,cancelled queue:past             | false
            """)
    void whatIsSeldomIsFoundOnceWhileOthersComeAndChange(String filter, String condition) throws Exception {
        var those = sql.sql("select id::text from operation where queue = 'past' and " + condition
                + " order by id desc").query(String.class).list();
        var isOver = new AtomicBoolean();
        var changer = Thread.ofVirtual().start(() -> {
            while (!isOver.get()) {
                sql.sql("insert into operation (type, queue, run_at) select 'simulation', 'present', now() + interval "
                        + "'1 hour' from generate_series(1, 3)").update();
                sql.sql("update operation set priority = (priority + 1) % 100, message = 'changed' where queue = "
                        + "'present' and finished_at is null").update();
            }
        });
        try {
            assertThat(told(filter, "created_at desc", 50).operations).isEqualTo(those);
            assertThat(told(filter, "created_at asc", 7).operations).isEqualTo(those.reversed());
        } finally {
            isOver.set(true);
            changer.join();
        }
    }

    @Test
    void aListThatNothingMatchesEndsEmpty() throws Exception {
        var told = told("input.customer.id:43.5", "", 50);

        assertThat(told.operations).isEmpty();
        assertThat(told.pages).as("pages, each with a time budget").isLessThan(2_000);
    }

    @Test
    void whatAnIndexKnowsIsFoundAtOnce() throws Exception {
        for (var filter : List.of("metadata.tenant:acme", "type:report.seldom", "status:failed error:\"disk full\"",
                "type:report.s* progress<50")) {
            var told = told(filter, "", 200);
            assertThat(told.operations).as(filter).isNotEmpty();
            assertThat(told.pages).as("pages of " + filter).isLessThan(10);
        }
    }

    private record Told(List<String> operations, int pages) {}

    private Told told(String filter, String order, int size) throws Exception {
        var client = new RestClient(port);
        var told = new ArrayList<String>();
        @Nullable String token = null;
        var pages = 0;
        do {
            var page = client.get("/api/v1/operations?page_size=" + size + "&order_by=" + RestClient.encoded(order)
                    + "&filter=" + RestClient.encoded(filter)
                    + (token == null ? "" : "&page_token=" + token));
            assertThat(page.status()).as(page.response().body()).isEqualTo(200);
            page.json().get("operations").forEach(operation -> told.add(operation.get("operation_id").asString()));
            token = page.json().get("next_page_token").isNull() ? null : page.text("/next_page_token");
            assertThat(page.header("Link") == null).isEqualTo(token == null);
            pages++;
        } while (token != null && pages < 2_000);
        return new Told(told, pages);
    }

    @Test
    void aToolsPageIsFullAllTheSame() throws Exception {
        var page = McpClient.modern(URI.create("http://127.0.0.1:" + port), McpClient.TASKS).tool("list_operations",
                "{\"status\": \"failed\", \"task_type\": \"report.seldom\", \"limit\": 5}")
                .at("/structuredContent/data");

        assertThat(page.get("count").asInt()).isEqualTo(5);
        assertThat(page.get("next_before").isNull()).isFalse();
    }

    @Test
    void aBulkChangeReachesThemAll() throws Exception {
        var client = new RestClient(port);
        var filter = "error:\"disk*\" input.customer.id:1100";
        var started = client.post("/api/v1/operations:bulkRetry", "{\"filter\": \"" + filter.replace("\"", "\\\"")
                + "\", \"expected_count\": 1}", "Content-Type", "application/json");

        assertThat(started.status()).as(started.response().body()).isEqualTo(202);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(client.get(started.header("Location")).json().at("/output/changed")
                .asInt()).isEqualTo(1));
    }
}
