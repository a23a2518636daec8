package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.worker.WorkerHttp.Run;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// The base of the remote workers' tests: a worker with a task type of its own.
abstract class WorkerTest {

    static final Caller ANN = new Caller("ann", "test");

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    final String type = "t" + UUID.randomUUID().toString().replace("-", "");
    WorkerHttp http;

    @BeforeEach
    void connect(@Value("${local.server.port}") int port) {
        http = new WorkerHttp(URI.create("http://127.0.0.1:" + port));
    }

    String register(Map<String, Object> with) throws IOException, InterruptedException {
        var registration =
                new HashMap<String, Object>(Map.of("name", "worker", "types", List.of(Map.of("type", type))));
        registration.putAll(with);
        var registered = http.post("/api/v1/workers", registration);
        assertThat(registered.status()).as(registered.body().toString()).isEqualTo(201);
        return registered.body().path("worker_id").asString();
    }

    List<Run> claim(String worker, int most, int seconds) throws IOException, InterruptedException {
        var claimed = http.post("/api/v1/workers/" + worker + ":claim", Map.of("max", most, "wait_seconds", seconds));
        assertThat(claimed.status()).as(claimed.body().toString()).isEqualTo(200);
        return claimed.body().path("claims").valueStream().map(claim -> new Run(http, claim)).toList();
    }

    List<Run> claimed(String worker, int most, int seconds) {
        try {
            return claim(worker, most, seconds);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    OperationId submit() {
        return submit(submission -> submission);
    }

    OperationId submit(UnaryOperator<Submission> with) {
        return store.submit(with.apply(Submission.of(type, json.createObjectNode())), ANN).operation().id();
    }

    Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }

    List<String> history(String id) {
        return sql.sql("""
                select concat_ws(' ', to_status, case when source = 'remote' then 'by ' || changed_by end, reason)
                    from operation_history
                where operation_id = :id::uuid and event <> 'progress' order by seq""").param("id", id).query(String.class).list();
    }
}
