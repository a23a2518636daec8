package dev.longhaul.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Operation;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lists and streams let the same operations through: what the database finds by a filter is what [Filter#test] says of
/// each.
@LonghaulTest
class FilterFieldsTest {

    private static final List<String> TERMS = List.of("status:failed,cancelled", "type:a.*", "tag:nightly", "tag:ni*",
            "tag:\"with space\",x", "key:customer:1", "key:cust*",
            "message:step*", "error:\"timeout after*\"", "error:\"timeout after 5 s\"", "error_type:java.io*",
            "waits_for:time", "paused:true", "paused:false,true",
            "input.user.id:42", "input.user.id:4*", "input.list.1:b", "input.flag:true", "input.user:x",
            "input.big:12345678901234567890", "input.n:1.50", "input.n:1.5",
            "metadata.tenant:acme", "metadata.tenant:42", "metadata.tenant:ac*", "metadata.a.b:true",
            "metadata.tenant:042", "metadata.tenant:%",
            "started>-1h", "started<-1h", "finished>=2020-01-01T00:00:00Z",
            "finished<2020-01-01T00:00:00Z", "updated<=-1s", "run_at>-1d", "created>=-1h", "created<=-1h",
            "duration>10m", "duration<=10m", "duration<1s", "attempt:0", "attempt>=1", "priority>3", "priority:-5",
            "progress<50", "progress:100", "progress>=12.5");

    @Autowired
    OperationStore store;
    @Autowired
    OperationList list;
    @Autowired
    JdbcClient sql;
    private final String queue = "fields-" + UUID.randomUUID();
    private final Random random = new Random(7);

    @BeforeEach
    void operationsOfEveryKind() {
        IntStream.range(0, 150).forEach(_ -> operation());
    }

    private void operation() {
        var key = any("customer:1", "customer:2", null);
        var id = sql.sql("""
                insert into operation (type, queue, priority, run_at, paused, concurrency_key, concurrency_limit,
                    tags, metadata, input, message, progress)
                values (:type, :queue, :priority, now() + interval '3 hours', :paused, :key, :limit::int,
                    :tags::text[], :metadata::jsonb, :input::jsonb, :message, :progress)
                returning id""")
                .param("type", any("a.b", "a.c", "b")).param("queue", queue).param("priority", random.nextInt(-6, 7))
                        .param("paused", random.nextBoolean())
                .param("key", key).param("limit", key == null ? null : 1)
                .param("tags", any("{}", "{nightly}", "{nightly,x}", "{night}", "{\"with space\"}"))
                .param("metadata", any("{}", "{\"tenant\": \"acme\"}", "{\"tenant\": 42}", "{\"tenant\": \"42\"}",
                        "{\"tenant\": \"%\"}", "{\"a\": {\"b\": true}}", "{\"tenant\": null}"))
                .param("input", any("{}", "{\"user\": {\"id\": 42}}", "{\"user\": {\"id\": \"42\"}}",
                        "{\"user\": \"x\"}", "{\"list\": [\"a\", \"b\"]}", "{\"flag\": true, \"n\": 1.50}",
                        "{\"big\": 12345678901234567890, \"n\": 1.5}"))
                .param("message", any("step 1", "stop", null)).param("progress", random.nextInt(0, 100))
                        .query(UUID.class).single();
        switch (random.nextInt(5)) {
            case 0 -> change("status = 'cancelled', started_at = now() - interval '20 minutes'", id);
            case 1 -> change("status = 'failed', error = '{\"type\": \"java.io.IOException\", \"message\": \"timeout "
                    + "after 5 s\"}', started_at = now() - interval '2 hours'", id);
            case 2 -> change("status = 'failed', error = '{\"type\": \"worker_lost\", \"message\": \"100%\"}'", id);
            case 3 -> {
                change("status = 'running', attempt = 1, run_id = gen_random_uuid(), worker_id = gen_random_uuid(), "
                        + "started_at = now() - interval '5 minutes'", id);
                change("status = 'waiting'", id);
            }
            default -> { }
        }
    }

    private void change(String assignments, UUID id) {
        assertThat(sql.sql("update operation set " + assignments + " where id = :id").param("id", id).update())
                .isEqualTo(1);
    }

    private @Nullable String any(@Nullable String... values) {
        return values[random.nextInt(values.length)];
    }

    @Test
    void everyFieldFindsInTheDatabaseWhatAStreamLetsThrough() {
        var all = list.filled(Filter.parse("queue:" + queue), null, 200, Duration.ofMinutes(1)).operations().stream()
                .map(one -> store.find(one.id()).orElseThrow()).toList();
        assertThat(all).hasSize(150);
        var parent = "parent:" + all.getFirst().id() + " id:" + all.get(3).id() + "," + all.get(4).id();
        var empty = 0;
        for (var n = 0; n < 250; n++) {
            var terms = n < TERMS.size() ? TERMS.get(n) : n == TERMS.size() ? parent : random() + " " + random();
            var filter = Filter.parse("queue:" + queue + " " + terms, Instant.now());
            var found = list.filled(filter, null, 200, Duration.ofMinutes(1)).operations().stream()
                    .map(ListedOperation::id).toList();
            assertThat(found).as(terms).isEqualTo(all.stream().filter(filter::test).map(Operation::id).toList());
            assertThat(list.count(filter, null)).as(terms).isEqualTo(found.size());
            empty += n < TERMS.size() && found.isEmpty() ? 1 : 0;
        }
        assertThat(empty).as("terms that find nothing and so tell nothing").isLessThan(12);
    }

    private String random() {
        return (random.nextBoolean() ? "-" : "") + TERMS.get(random.nextInt(TERMS.size()));
    }
}
