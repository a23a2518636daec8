package dev.longhaul.workflow;

import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Common parts of tests that start workflows.
@LonghaulTest
abstract class GraphTest {

    static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Workflows workflows;
    @Autowired
    OperationStore store;
    @Autowired
    InputRequests inputRequests;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    final String key = UUID.randomUUID().toString();

    OperationId start(Workflow workflow) {
        return workflows.start(workflow.graph(), ANN).id();
    }

    static Node echo(Object value) {
        return Node.of("echo").input(Map.of("value", value));
    }

    static Node echo(Object value, String key, int failures) {
        return Node.of("echo").input(Map.of("value", value, "key", key, "failures", failures));
    }

    static Node failing() {
        return Node.of("echo").input(Map.of("failures", -1));
    }

    Operation awaitEnd(OperationId id) {
        await().atMost(Duration.ofSeconds(60)).until(() -> store.find(id).orElseThrow().isOver());
        return store.find(id).orElseThrow();
    }

    Map<String, String> statuses(OperationId id) {
        return workflows.nodes(id).stream().collect(Collectors.toMap(WorkflowNodeView::name, WorkflowNodeView::status));
    }

    Operation child(OperationId id, String node) {
        return await().until(() -> workflows.nodes(id).stream()
                        .filter(view -> view.name().equals(node) && view.operationId() != null).findFirst(),
                Optional::isPresent).flatMap(view -> store.find(new OperationId(view.operationId()))).orElseThrow();
    }

    List<String> reasons(Operation operation) {
        return psql().sql("select reason from operation_history where reason is not null and operation_id = '"
                + operation.id() + "' order by seq").query(String.class).list();
    }

    List<String> timeline(OperationId id) {
        return new ArrayList<>(psql()
                .sql("select node || coalesce('.' || item, '') || ' ' || status from audit.workflow_timeline where "
                + "workflow_id = '" + id + "' order by position, item")
                .query(String.class).list());
    }

    long queryNumber(String query) {
        return psql().sql(query).query(Long.class).single();
    }

    JdbcClient psql() {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl));
    }
}
