package dev.longhaul.workflow;

import dev.longhaul.operation.OperationId;
import dev.longhaul.task.StepTransaction;
import dev.longhaul.workflow.WorkflowPlan.Step;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Inserts plans into the tables on which the triggers work, and reads their state. The triggers advance a workflow.
@Component
class WorkflowStore {

    private static final int INSERTS_PER_PURGE = 20;
    private static final int PURGE_BATCH = 200;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    WorkflowStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    private static final String INSERT_WORKFLOW = """
            insert into workflow (id, name, node_count, output, placeholders)
            values (:id, :name, :nodes, :output::jsonb, :holes::jsonb)
            """;

    private static final String INSERT_NODES = """
            insert into workflow_node (workflow_id, name, position, run_when, pending_dependencies, type, queue,
                priority,
                                       max_attempts, timeout, input, placeholders, for_each, max_parallel, weight)
            select :id, n.name, n.position, n.run_when, n.needs, n.type, n.queue, n.priority,
                   n.max_attempts, n.timeout, n.input, n.placeholders, n.for_each, n.max_parallel, n.weight
            from unnest(:names::text[], :whens::text[], :needs::int[], :types::text[], :queues::text[],
                        :priorities::smallint[], :attempts::int[], :timeouts::interval[], :inputs::jsonb[],
                        :holes::jsonb[], :lists::jsonb[], :atOnces::int[], :weights::real[])
                with ordinality as n (name, run_when, needs, type, queue, priority, max_attempts, timeout, input,
                                      placeholders, for_each, max_parallel, weight, position)
            """;

    private static final String INSERT_EDGES = """
            insert into workflow_dependency (workflow_id, from_node, to_node)
            select :id, e.from_node, e.to_node from unnest(:froms::text[], :tos::text[]) as e (from_node, to_node)
            """;

    // No loop purges workflows: one in 20 inserts purges some.
    private static final String PURGE = "select purge_workflows(:most)";

    /// Inserts the plan. It starts when its operation starts to wait.
    void insert(OperationId id, WorkflowPlan plan, StepTransaction database) {
        if (ThreadLocalRandom.current().nextInt(INSERTS_PER_PURGE) == 0) {
            database.sql(PURGE).param("most", PURGE_BATCH).query(Integer.class).single();
        }
        var output = plan.output();
        database.sql(INSERT_WORKFLOW).param("id", id.value()).param("name", plan.name())
                .param("nodes", plan.steps().size()).param("output", output == null ? null : text(output.skeleton()))
                .param("holes", output == null ? null : text(output.json())).update();
        var steps = List.copyOf(plan.steps().values());
        database.sql(INSERT_NODES).param("id", id.value()).param("names", column(steps, Step::name))
                .param("whens", column(steps, Step::when)).param("needs", column(steps, step -> step.needs().size()))
                .param("types", column(steps, step -> step.submission().type()))
                .param("queues", column(steps, step -> step.submission().queue()))
                .param("priorities", column(steps, step -> step.submission().priority()))
                .param("attempts", column(steps, step -> step.submission().limits().maxAttempts()))
                .param("timeouts", column(steps, step -> step.submission().limits().timeout()))
                .param("inputs", column(steps, step -> text(step.input().skeleton())))
                .param("holes", column(steps, step -> text(step.input().json())))
                .param("lists", column(steps, step -> step.forEach() == null ? null : list(step.forEach())))
                .param("atOnces", column(steps, Step::maxParallel)).param("weights", column(steps, Step::weight))
                .update();
        var froms = new ArrayList<String>();
        var tos = new ArrayList<String>();
        steps.forEach(step -> step.needs().forEach(need -> {
            froms.add(need);
            tos.add(step.name());
        }));
        database.sql(INSERT_EDGES).param("id", id.value()).param("froms", froms.toArray(String[]::new))
                .param("tos", tos.toArray(String[]::new)).update();
    }

    /// The list, or the expression for it.
    private String list(Template forEach) {
        return text(forEach.placeholders().isEmpty() ? forEach.skeleton() : forEach.placeholders().getFirst().parts()
                .getFirst()
                .json());
    }

    private @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : json.writeValueAsString(node);
    }

    private static @Nullable String[] column(List<Step> steps, Function<Step, @Nullable Object> value) {
        return steps.stream().map(value).map(one -> one == null ? null : one.toString()).toArray(String[]::new);
    }

    private static final String NODES = """
            select n.*, coalesce(o.error, n.error) ->> 'message' as error_message, coalesce(e.needs, '{}') as needs,
                   coalesce(o.progress, case
                       when n.status in ('completed', 'failed', 'cancelled', 'skipped', 'not_triggered') then 100
                       when n.total > 0 then 100.0 * n.finished / n.total
                       else 0 end) as progress
            from workflow_node n
                left join operation o on o.id = n.operation_id
                left join (select to_node, array_agg(from_node order by from_node) as needs
                           from workflow_dependency where workflow_id = :id group by to_node) e on e.to_node = n.name
            where n.workflow_id = :id order by n.position
            """;

    /// In the order of the graph. Empty: no such workflow, or not started.
    List<WorkflowNodeView> nodes(OperationId id) {
        return jdbc.sql(NODES).param("id", id.value()).query((row, _) -> node(row)).list();
    }

    private static WorkflowNodeView node(ResultSet row) throws SQLException {
        var finishedAt = row.getObject("finished_at", OffsetDateTime.class);
        return new WorkflowNodeView(row.getString("name"), row.getString("status"), row.getString("run_when"),
                List.of((String[]) row.getArray("needs").getArray()), row.getString("type"),
                row.getDouble("progress"), row.getObject("for_each") != null, row.getObject("total", Integer.class),
                row.getInt("finished"), row.getInt("failed"),
                row.getObject("operation_id", UUID.class), row.getString("error_message"), finishedAt == null
                ? null : finishedAt.toInstant());
    }

    private static final String STATUSES =
            "select name, status from workflow_node where workflow_id = :id order by position";

    /// The status of each node, in the order of the graph.
    Map<String, String> statuses(OperationId id) {
        var statuses = new LinkedHashMap<String, String>();
        jdbc.sql(STATUSES).param("id", id.value()).query(row -> {
            statuses.put(row.getString("name"), row.getString("status"));
        });
        return statuses;
    }

    private static final String OUTPUT = """
            select workflow_fill(id, output, coalesce(placeholders, '[]'), null, null) from workflow
            where id = :id and output is not null
            """;

    /// The output of the graph with values filled in. Empty: it defines none.
    Optional<JsonNode> output(OperationId id) {
        return jdbc.sql(OUTPUT).param("id", id.value()).query(String.class).optional().map(json::readTree);
    }

    private static final String FAILED_ITEM = """
            select error ->> 'message' from operation
            where parent_id = :id and id > :id and workflow_node = :node and status = 'failed'
            order by fan_out_index limit 1
            """;

    /// The error of the first failed operation of a node.
    Optional<String> firstError(OperationId id, String node) {
        return jdbc.sql(FAILED_ITEM).param("id", id.value()).param("node", node).query(String.class).optional();
    }
}
