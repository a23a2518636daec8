package dev.longhaul.engine;

import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// The base of the engine's tests: they submit [ScriptedTask] and check its operations.
abstract class ScriptedTaskTest {

    static final Caller ANN = new Caller("ann", "test");

    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    Submission trick(String trick) {
        return Submission.of("tricks", json.createObjectNode().put("trick", trick)
                .put("key", UUID.randomUUID().toString()));
    }

    OperationId submit(String trick) {
        return submit(trick, UUID.randomUUID().toString());
    }

    OperationId submit(String trick, String key) {
        return store.submit(Submission.of("tricks", json.createObjectNode().put("trick", trick).put("key", key)), ANN)
                .operation().id();
    }

    Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }

    Operation awaitEnd(OperationId id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> find(id).isOver());
        return find(id);
    }

    List<String> history(OperationId id) {
        return sql.sql("select concat_ws(' ', to_status, reason) from operation_history where operation_id = :id and "
                + "event <> 'progress' order by seq")
                .param("id", id.value()).query(String.class).list();
    }

    String asSuperuser(String query) {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(query).query(String.class).single();
    }

    void psql(String statement) {
        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(statement).update();
    }
}
