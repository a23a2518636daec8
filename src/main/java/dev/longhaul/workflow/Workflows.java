package dev.longhaul.workflow;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.OperationStore.Submitted;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Starts workflows and reads the state of their nodes. A workflow is an operation of type `workflow`, and is
/// cancelled, paused, observed and retried like any other.
@Component
public class Workflows {

    public static final String TYPE = "workflow";

    private final OperationStore operations;
    private final WorkflowStore store;
    private final TaskRegistry tasks;
    private final InputTypes inputs;

    Workflows(OperationStore operations, WorkflowStore store, TaskRegistry tasks, InputTypes inputs) {
        this.operations = operations;
        this.store = store;
        this.tasks = tasks;
        this.inputs = inputs;
    }

    /// @throws dev.longhaul.types.InvalidInput with the location of the problem
    public Operation start(WorkflowGraph graph, Caller caller) {
        return start(inputs.json().valueToTree(graph), submission -> submission, caller).operation();
    }

    /// @param graph a [WorkflowGraph] as JSON
    /// @param more  adds e.g. a queue, an idempotency key or labels
    public Submitted start(JsonNode graph, UnaryOperator<Submission> more, Caller caller) {
        return operations.submit(tasks.checked(more.apply(Submission.of(TYPE, graph))), caller);
    }

    /// Throws if [#start] would throw.
    public void check(JsonNode graph) {
        tasks.checked(Submission.of(TYPE, graph));
    }

    /// Empty: there is no such workflow.
    public Optional<Operation> find(OperationId id) {
        return operations.find(id).filter(operation -> operation.type().equals(TYPE));
    }

    /// In the order of the graph. Empty: not started.
    public List<WorkflowNodeView> nodes(OperationId id) {
        return store.nodes(id);
    }

    /// The JSON Schema of a graph.
    public JsonNode schema() {
        return tasks.find(TYPE).orElseThrow().inputSchema();
    }
}
