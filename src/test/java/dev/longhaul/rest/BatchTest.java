package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A batch may be sent again after whatever went wrong.
@LonghaulTest
class BatchTest {

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;

    private final String queue = "batch-" + UUID.randomUUID();
    private final String key = "key-" + UUID.randomUUID();

    @Test
    void theSameBatchUnderTheSameKeyIsTheSameOperations() throws Exception {
        var client = new RestClient(port);
        var first = client.post("/api/v1/operations:batchCreate", batch(item(1, ""), item(2, "")), "Idempotency-Key",
                "\"" + key + "\"");
        var second = client.post("/api/v1/operations:batchCreate", batch(item(1, ""), item(2, "")),
                "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(second.json().get("operation_ids")).isEqualTo(first.json().get("operation_ids")).hasSize(2);
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.json().get("replayed").asInt()).isEqualTo(2);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void anotherBatchUnderTheSameKeyIsRefusedAndSoIsASingleOne() throws Exception {
        var client = new RestClient(port);
        var made = client.post("/api/v1/operations:batchCreate", batch(item(1, ""), item(2, "")), "Idempotency-Key",
                key).text("/operation_ids/0");

        for (var other : List.of(batch(item(1, "")), batch(item(2, ""), item(1, "")),
                batch(item(1, ""), item(2, ""), item(3, "")))) {
            var answer = client.post("/api/v1/operations:batchCreate", other, "Idempotency-Key", key);
            assertThat(answer.code()).isEqualTo("idempotency-conflict");
            assertThat(answer.text("/detail")).contains(key).contains(made);
        }
        assertThat(client.post("/api/v1/operations", item(1, ""), "Idempotency-Key", key).code())
                .isEqualTo("idempotency-conflict");
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void anOperationOfABatchMayHaveAKeyOfItsOwnWhichHoldsInAnyBatchAndAlone() throws Exception {
        var client = new RestClient(port);
        var alone = client.post("/api/v1/operations", item(1, ""), "Idempotency-Key", key + "-1").text("/operation_id");

        var first = client.post("/api/v1/operations:batchCreate", batch(keyed(1), keyed(2), item(9, "")));
        var second = client.post("/api/v1/operations:batchCreate", batch(keyed(3), keyed(2), keyed(3)));

        assertThat(first.text("/operation_ids/0")).isEqualTo(alone);
        assertThat(first.json().get("replayed").asInt()).isEqualTo(1);
        assertThat(second.text("/operation_ids/1")).isEqualTo(first.text("/operation_ids/1"));
        assertThat(second.text("/operation_ids/2")).as("twice in one batch").isEqualTo(second.text("/operation_ids/0"));
        assertThat(second.json().get("replayed").asInt()).isEqualTo(2);
        assertThat(count()).isEqualTo(4);
    }

    @Test
    void oneOperationWhoseKeyWasUsedForAnotherRefusesTheWholeBatch() throws Exception {
        var client = new RestClient(port);
        client.post("/api/v1/operations", item(1, ""), "Idempotency-Key", key + "-2");

        var answer = client.post("/api/v1/operations:batchCreate", batch(item(7, ""), keyed(2)),
                "Idempotency-Key", key);

        assertThat(answer.code()).isEqualTo("idempotency-conflict");
        assertThat(answer.text("/detail")).contains(key + "-2");
        assertThat(count()).isEqualTo(1);
        assertThat(client.post("/api/v1/operations:batchCreate", batch(item(7, "")), "Idempotency-Key", key).status())
                .as("the key of the batch is free still").isEqualTo(202);
    }

    @Test
    void ofManyThatAreSentAtOnceOneMakesTheOperations() throws Exception {
        var body = batch(IntStream.rangeClosed(1, 200).mapToObj(n -> n % 2 == 0 ? keyed(n) : item(n, ""))
                .toArray(String[]::new));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = new RestClient(port);
            var answers = threads.invokeAll(IntStream.range(0, 6).<Callable<RestClient.Answer>>mapToObj(_ -> () ->
                    client.post("/api/v1/operations:batchCreate", body, "Idempotency-Key", key)).toList());
            var ids = answers.stream().map(answer -> answer.resultNow().json().get("operation_ids"))
                    .collect(Collectors.toSet());
            assertThat(ids).hasSize(1);
        }
        assertThat(count()).isEqualTo(200);
    }

    private String keyed(int step) {
        return item(step, ", \"idempotency_key\": \"" + key + "-" + step + "\"");
    }

    private String item(int steps, String more) {
        return ("{\"type\": \"simulation\", \"queue\": \"%s\", \"delay\": \"1h\", \"input\": {\"duration_seconds\": 0, "
                + "\"steps\": %d}%s}").formatted(queue, steps, more);
    }

    private static String batch(String... items) {
        return "{\"operations\": [" + String.join(", ", items) + "]}";
    }

    private int count() {
        return sql.sql("select count(*) from operation where queue = :queue").param("queue", queue).query(Integer.class)
                .single();
    }
}
