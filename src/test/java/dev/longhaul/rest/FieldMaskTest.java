package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// What a client does not need is not sent, and how much there is in all is told to those who ask.
@LonghaulTest
class FieldMaskTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private final String queue = "parts-" + UUID.randomUUID();

    @Test
    void anOperationHasTheMembersThatWereAskedFor() throws Exception {
        var client = new RestClient(port);
        var path = "/api/v1/operations/"
                + client.submit(queue, ", \"delay\": \"1h\", \"metadata\": {\"tenant\": \"acme\", \"plan\": 7}");

        var part = client.get(path + "?fields=status,metadata.tenant,input.steps,detail.current");

        assertThat(part.json())
                .isEqualTo(json.readTree("{\"status\": \"pending\", \"metadata\": {\"tenant\": \"acme\"}, \"input\": "
                + "{\"steps\": 1}}"));
        assertThat(part.header("ETag")).isEqualTo(client.get(path).header("ETag"));
        assertThat(client.get(path + "?fields=status", "If-None-Match", part.header("ETag")).status()).isEqualTo(304);
    }

    @Test
    void soHaveThoseOfAListAndOfItsNextPage() throws Exception {
        var client = new RestClient(port);
        var first = client.submit(queue, ", \"delay\": \"1h\"");
        var second = client.submit(queue, ", \"delay\": \"1h\"");

        var page = client.get("/api/v1/operations?page_size=1&fields=operation_id,status&filter="
                + RestClient.encoded("queue:" + queue));
        var link = page.header("Link");
        var next = client.get(link.substring(1, link.indexOf('>')));

        assertThat(page.json().get("operations"))
                .isEqualTo(json.readTree("[{\"operation_id\": \"%s\", \"status\": \"pending\"}]".formatted(second)));
        assertThat(next.json().get("operations"))
                .isEqualTo(json.readTree("[{\"operation_id\": \"%s\", \"status\": \"pending\"}]".formatted(first)));
    }

    @Test
    void aMemberThatThereIsNotIsNamedWithThoseThereAre() throws Exception {
        var client = new RestClient(port);
        var answer = client.get("/api/v1/operations?fields=operation_id,colour");

        assertThat(answer.code()).isEqualTo("invalid-request");
        assertThat(answer.text("/errors/0/parameter")).isEqualTo("fields");
        assertThat(answer.text("/detail")).contains("not \"colour\"").contains("operation_id, ");
        assertThat(client.get("/api/v1/operations/" + client.submit(queue, "") + "?fields=").code())
                .isEqualTo("invalid-request");
        assertThat(client.get("/api/v1/operations?count=all").text("/detail"))
                .isEqualTo("count must be none, estimated or exact, not \"all\"");
    }

    @Test
    void howManyThereAreIsToldByCountersByCountingOrAboutAsThePlannerBelieves() throws Exception {
        insert(70);
        var byCounters = "queue:" + queue;
        var byCounting = "queue:" + queue + " priority>0";

        assertThat(total("none", byCounters, 50)).isEqualTo("null null");
        assertThat(total("exact", byCounters, 50)).isEqualTo("70 false");
        assertThat(total("estimated", byCounters, 50)).isEqualTo("70 false");
        assertThat(total("exact", byCounting, 50)).isEqualTo("35 false");
        assertThat(total("exact", byCounting, 10)).isEqualTo("35 false");
        var estimated = total("estimated", byCounting, 10).split(" ");
        assertThat(Long.parseLong(estimated[0])).as("no fewer than were seen").isGreaterThanOrEqualTo(10);
        assertThat(estimated[1]).isEqualTo("true");
    }

    @Test
    void theEstimateIsThePlanners() throws Exception {
        insert(2_000);
        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql("analyze operation").update();

        var estimated = total("estimated", "queue:" + queue + " priority>0", 10).split(" ");

        assertThat(Long.parseLong(estimated[0])).isBetween(500L, 2_000L);
    }

    @Test
    void valuesForAFilterAreSuggestedTheMostFrequentFirst() throws Exception {
        insert(3);
        sql.sql("insert into operation (type, queue, run_at) select 'simulation', :queue || '-more', now() + interval "
                + "'1 hour' from generate_series(1, 4)").param("queue", queue).update();
        var client = new RestClient(port);

        assertThat(client.get("/api/v1/operations:autocomplete?field=queue&prefix=" + queue).json())
                .isEqualTo(json.readTree(("{\"values\": [{\"value\": \"%1$s-more\", \"number\": 4}, {\"value\": "
                        + "\"%1$s\", \"number\": 3}]}").formatted(queue)));
        assertThat(client.get("/api/v1/operations:autocomplete?field=colour").text("/detail"))
                .isEqualTo("field must be type, queue or status, not \"colour\"");
    }

    private String total(String count, String filter, int size) throws Exception {
        var page = new RestClient(port).get("/api/v1/operations?count=" + count + "&page_size=" + size + "&filter="
                + RestClient.encoded(filter)).json();
        return page.get("total_size") + " " + page.get("total_is_estimate");
    }

    private void insert(int number) {
        sql.sql("insert into operation (type, queue, priority, run_at) select 'simulation', :queue, n % 2, now() + "
                + "interval '1 hour' from generate_series(1, :number) as n")
                .param("queue", queue).param("number", number).update();
    }
}
