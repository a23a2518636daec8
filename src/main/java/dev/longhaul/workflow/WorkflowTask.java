package dev.longhaul.workflow;

import dev.longhaul.operation.OperationId;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operation that is a workflow. It runs twice: to lay its graph out, and when all of it is over.
@TaskType(value = "workflow", description = """
        Runs several tasks as a graph: each begins when those it needs are over, gets their outputs as its input, may be one for each element of a list, and \
        may be there for a failure. Use it for work of several steps that should survive anything. Returns what the graph says under output, else what became of each node.""")
class WorkflowTask implements Task<WorkflowGraph, Object> {

    private final WorkflowStore store;
    private final ObjectProvider<TaskRegistry> tasks;   // which are made of this one too
    private final JsonMapper json;

    WorkflowTask(WorkflowStore store, ObjectProvider<TaskRegistry> tasks, InputTypes inputs) {
        this.store = store;
        this.tasks = tasks;
        this.json = inputs.json();
    }

    @Override
    public void check(WorkflowGraph graph) {
        try {
            new TypeCheck(tasks.getObject()).check(WorkflowPlan.of(graph, json));
        } catch (InvalidGraph wrong) {
            throw new InvalidInput(List.of(wrong.misfit()));
        }
    }

    /// The secrets that its nodes' inputs have are encrypted for the tasks that get them.
    @Override
    public JsonNode stored(JsonNode checked, @Nullable String idempotencyKey) {
        return new NodeSecrets(tasks.getObject()).sealed(checked, idempotencyKey);
    }

    @Override
    public Object run(WorkflowGraph graph, TaskContext context) throws Exception {
        context.transaction("graph", Integer.class, database -> {
            var plan = plan(graph);
            store.lay(context.operationId(), plan, database);
            return plan.steps().size();
        });
        context.join();
        return result(context);
    }

    private WorkflowPlan plan(WorkflowGraph graph) throws NotRetryable {
        try {
            return WorkflowPlan.of(graph, json);
        } catch (InvalidGraph wrong) {   // somebody typed it in psql, where nothing was checked
            throw new NotRetryable(wrong.getMessage());
        }
    }

    private Object result(TaskContext context) throws NotRetryable {
        var statuses = store.statuses(context.operationId());
        var skipped = Collections.frequency(statuses.values(), "skipped");
        if (statuses.containsValue("failed") || statuses.containsValue("cancelled")) {
            var failures = new WorkflowOutcome(store.nodes(context.operationId())).failures();
            if (!failures.isEmpty()) {
                throw new NotRetryable(said(context.operationId(), failures, statuses.size(), skipped));
            }
        }
        context.conclude(statuses.size() + " nodes are over"
                + (skipped == 0 ? "" : ", " + skipped + " of them skipped"));
        var output = output(context.operationId());
        return output == null ? Map.of("nodes", statuses) : output;
    }

    private @Nullable JsonNode output(OperationId id) throws NotRetryable {
        try {
            return store.output(id).orElse(null);
        } catch (DataAccessException unfit) {
            if (unfit.getMostSpecificCause() instanceof SQLException cause && "P0001".equals(cause.getSQLState())) {
                throw new NotRetryable("output: " + cause.getMessage().lines().findFirst().orElse("")
                        .replaceFirst("^ERROR: ", ""));
            }
            throw unfit;
        }
    }

    private String said(OperationId id, List<WorkflowNodeView> failures, int nodes, long skipped) {
        var first = failures.stream().limit(3).map(node -> {
            var error = node.error() == null ? store.firstError(id, node.name()).orElse(node.status()) : node.error();
            return node.name() + ": " + (node.isList() && node.failed() > 0 ? node.failed() + " of " + node.total()
                    + ", the first: " : "") + error;
        }).collect(Collectors.joining("; "));
        return "%d of %d nodes did not complete%s: %s".formatted(failures.size(), nodes, skipped == 0
                ? "" : ", and " + skipped + " were skipped for it", first);
    }
}
