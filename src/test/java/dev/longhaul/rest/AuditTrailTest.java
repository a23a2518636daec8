package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

/// Who did what, page by page.
@LonghaulTest
// the database of SeldomTest: entries without an operation would trouble those who prove chains
@TestPropertySource(properties = "longhaul.engine.slots=9")
class AuditTrailTest {

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;
    private final String ann = "ann-" + UUID.randomUUID();

    @ParameterizedTest
    @ValueSource(ints = {7, 100, 200})
    void whatOneDidIsToldOnceAndInOrder(int size) throws Exception {
        sql.sql("""
                insert into operation (type, queue, run_at, changed_by, source) select 'simulation', 'audited', now()
                    + interval '1 hour', :ann, 'rest' from generate_series(1, 100)""").param("ann", ann).update();
        sql.sql("""
                update operation set priority = 7, version = version + 1, history_seq = history_seq + 1, changed_by
                    = :ann, source = 'cli' where changed_by = :ann""").param("ann", ann).update();
        past("40 seconds", "3 hours", "3 days", "29 days");

        assertThat(told("since=30d", size)).isEqualTo(sql.sql("""
                select operation_id || '.' || seq from operation_history where changed_by = :ann
                    order by at desc, operation_id desc, seq desc""").param("ann", ann).query(String.class).list()).hasSize(204);
        assertThat(told("since=30d&source=cli", size)).hasSize(100);
        assertThat(told("since=4h&source=sql", size)).hasSize(2);
        assertThat(told("since=30d&source=dashboard", size)).isEmpty();
    }

    /// Entries as they were written so long ago.
    private void past(String... ago) {
        var past = HistoricData.writer(superuserUrl);
        for (var one : ago) {
            past.sql("""
                    insert into operation_history (operation_id, seq, version, at, event, to_status, attempt,
                        changed_by, source, progress)
                    select operation_id(), 1, 1, now() - :ago::interval, 'submitted', 'pending', 0, :ann, 'sql', 0""").param("ago", one).param("ann", ann).update();
        }
    }

    private List<String> told(String asked, int size) throws Exception {
        var client = new RestClient(port);
        var told = new ArrayList<String>();
        @Nullable String token = null;
        do {
            var page = client.get("/api/v1/audit?by=" + ann + "&" + asked + "&page_size=" + size
                    + (token == null ? "" : "&page_token=" + token));
            assertThat(page.status()).as(page.response().body()).isEqualTo(200);
            page.json().get("entries")
                    .forEach(entry -> told.add(entry.get("operation_id").asString() + "." + entry.get("seq").asInt()));
            token = page.json().get("next_page_token").isNull() ? null : page.text("/next_page_token");
        } while (token != null && told.size() < 1_000);
        return told;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "x.y.z", "1.00000000-0000-0000-0000-000000000000",
            "1234567890123456789.00000000-0000-0000-0000-000000000000.1", "-1.00000000-0000-0000-0000-000000000000.1"})
    void whatIsNoTokenIsRefused(String token) throws Exception {
        var answer = new RestClient(port).get("/api/v1/audit?page_token=" + token);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid-page-token");
    }

    @Test
    void aTokenFromFarAheadBeginsWithTheNewest() throws Exception {
        var answer = new RestClient(port)
                .get("/api/v1/audit?since=1h&page_token=999999999999999999.00000000-0000-0000-0000-000000000000.1");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }
}
