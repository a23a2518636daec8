package dev.longhaul.workflow;

import dev.longhaul.operation.OperationId;
import dev.longhaul.store.LostConnections;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The task of a workflow. It runs twice: to insert the graph, and when all nodes have finished.
@TaskType(value = "workflow", description = """
        Runs several tasks as a graph: each starts when its needed nodes have finished, and can use their outputs as \
        input, run once per element of a list, or handle a failure. Use it for work in several steps that must \
        survive crashes. Returns the output that the graph defines, or the status of each node.""")
class WorkflowTask implements Task<WorkflowGraph, Object> {

    private final WorkflowStore store;
    private final ObjectProvider<TaskRegistry> tasks;   // a provider, because the registry contains this task
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
        } catch (InvalidGraph invalid) {
            throw new InvalidInput(List.of(invalid.problem()));
        }
    }

    /// Encrypts the secret fields of the nodes' inputs.
    @Override
    public JsonNode stored(JsonNode checked, @Nullable String idempotencyKey) {
        return new NodeSecrets(tasks.getObject()).encrypt(checked, idempotencyKey);
    }

    @Override
    public Object run(WorkflowGraph graph, TaskContext context) throws Exception {
        LostConnections.call(() -> context.transaction("graph", Integer.class, database -> {
            var plan = plan(graph);
            store.insert(context.operationId(), plan, database);
            return plan.steps().size();
        }));
        context.join();
        return LostConnections.call(() -> result(context));
    }

    private WorkflowPlan plan(WorkflowGraph graph) throws NotRetryable {
        try {
            return WorkflowPlan.of(graph, json);
        } catch (InvalidGraph invalid) {   // inserted by SQL, without a check
            throw new NotRetryable(invalid.getMessage());
        }
    }

    private Object result(TaskContext context) throws NotRetryable {
        var statuses = store.statuses(context.operationId());
        var skipped = Collections.frequency(statuses.values(), "skipped");
        if (statuses.containsValue("failed") || statuses.containsValue("cancelled")) {
            var failures = new WorkflowOutcome(store.nodes(context.operationId())).unhandledFailures();
            if (!failures.isEmpty()) {
                throw new NotRetryable(failureMessage(context.operationId(), failures, statuses.size(), skipped));
            }
        }
        context.conclude(statuses.size() + " nodes finished"
                + (skipped == 0 ? "" : ", " + skipped + " of them skipped"));
        var output = output(context.operationId());
        return output == null ? Map.of("nodes", statuses) : output;
    }

    private @Nullable JsonNode output(OperationId id) throws NotRetryable {
        try {
            return store.output(id).orElse(null);
        } catch (DataAccessException failed) {
            if (failed.getMostSpecificCause() instanceof PSQLException cause && "P0001".equals(cause.getSQLState())
                    && cause.getServerErrorMessage() != null) {
                throw new NotRetryable("output: " + cause.getServerErrorMessage().getMessage());
            }
            throw failed;
        }
    }

    private String failureMessage(OperationId id, List<WorkflowNodeView> failures, int nodes, long skipped) {
        var first = failures.stream().limit(3).map(node -> {
            var error = node.error() == null ? store.firstError(id, node.name()).orElse(node.status()) : node.error();
            return node.name() + ": " + (node.isList() && node.failed() > 0 ? node.failed() + " of " + node.total()
                    + ", first error: " : "") + error;
        }).collect(Collectors.joining("; "));
        return "%d of %d nodes did not complete%s: %s".formatted(failures.size(), nodes, skipped == 0
                ? "" : ", " + skipped + " were skipped", first);
    }
}
