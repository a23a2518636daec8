package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Promise 3 of package api: pages stay exact while operations are submitted and changed.
@LonghaulTest
class PagingTest {

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;

    @ParameterizedTest
    @ValueSource(strings = {"created_at desc", "created_at asc"})
    void everyOperationThatWasThereIsToldOnceWhileOthersComeAndAllChange(String order) throws Exception {
        var queue = "exact-" + UUID.randomUUID();
        insert(queue, 300);
        var there = sql.sql("select id::text from operation where queue = :queue order by "
                + (order.endsWith("desc") ? "id desc" : "id")).param("queue", queue).query(String.class).list();
        var isOver = new AtomicBoolean();
        var changer = Thread.ofVirtual().start(() -> {
            while (!isOver.get()) {
                insert(queue, 3);
                sql.sql("update operation set priority = (priority + 1) % 100, message = 'changed' where queue = :queue").param("queue", queue).update();
            }
        });
        try {
            for (var round = 0; round < 3; round++) {
                var told = told(queue, order);
                assertThat(told).doesNotHaveDuplicates();
                assertThat(told.stream().filter(there::contains).toList()).isEqualTo(there);
                var sorted = new ArrayList<>(told);
                sorted.sort(order.endsWith("desc") ? Collections.reverseOrder() : null);
                assertThat(told).isEqualTo(sorted);
            }
        } finally {
            isOver.set(true);
            changer.join();
        }
        assertThat(sql.sql("select count(*) from operation where queue = :queue").param("queue", queue)
                .query(Long.class).single()).as("others came meanwhile").isGreaterThan(300);
    }

    private List<String> told(String queue, String order) throws Exception {
        var client = new RestClient(port);
        var told = new ArrayList<String>();
        @Nullable String token = null;
        do {
            var page = client.get("/api/v1/operations?page_size=17&order_by=" + RestClient.encoded(order) + "&filter="
                    + RestClient.encoded("queue:" + queue)
                    + (token == null ? "" : "&page_token=" + token)).json();
            page.get("operations").forEach(operation -> told.add(operation.get("operation_id").asString()));
            token = page.get("next_page_token").isNull() ? null : page.get("next_page_token").asString();
        } while (token != null && told.size() < 3_000);
        return told;
    }

    private void insert(String queue, int number) {
        sql.sql("insert into operation (type, queue, run_at) select 'simulation', :queue, now() + interval '1 hour' "
                + "from generate_series(1, :number)")
                .param("queue", queue).param("number", number).update();
    }

    @Test
    void aListOfExactlyOnePageSaysSoAtItsEnd() throws Exception {
        var queue = "exact-" + UUID.randomUUID();
        insert(queue, 5);
        var client = new RestClient(port);
        var path = "/api/v1/operations?page_size=5&filter=" + RestClient.encoded("queue:" + queue);

        var page = client.get(path);
        assertThat(page.json().get("operations")).hasSize(5);
        do {   // an empty page leads on if its time budget was spent
            page = client.get(path + "&page_token=" + page.text("/next_page_token"));
            assertThat(page.json().get("operations")).isEmpty();
        } while (!page.json().get("next_page_token").isNull());
    }
}
