package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import dev.longhaul.types.InputTypes;
import dev.longhaul.workflow.WorkflowGraph;
import dev.longhaul.workflow.Workflows;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Starts a workflow.
@ToolType(value = "start_workflow", title = "Start a workflow", description = """
        Starts a workflow: a graph of tasks. Each node starts when its dependencies have ended; ${name.output} in its \
        input is replaced by the output of a dependency. A node may fan out over a list, and may run only after a \
        failure. Use it for work of several steps; it survives restarts. Returns an operation_id at once: \
        get_task_progress returns its progress, get_task_result its output, cancel_task cancels all of it.""")
@Order(22)
class StartWorkflowTool implements OperationTool<StartWorkflowTool.Arguments, StartWorkflowTool.Started> {

    record Arguments(
            @JsonPropertyDescription("The graph") WorkflowGraph graph,
            @JsonPropertyDescription("The same key with the same graph gives the workflow that is there already, for "
                    + "24 hours") @Size(min = 1, max = 200) @Nullable String idempotencyKey) {}

    /// @param streamUrl of its event stream
    /// @param eventsUrl of the event stream of all its operations
    @JsonNaming(SnakeCaseStrategy.class)
    record Started(@JsonUnwrapped ReferenceView operation, String streamUrl, String eventsUrl, boolean replayed) {}

    private final Workflows workflows;
    private final InputTypes inputs;

    StartWorkflowTool(Workflows workflows, InputTypes inputs) {
        this.workflows = workflows;
        this.inputs = inputs;
    }

    @Override
    public Started call(Arguments arguments, ToolCall call) {
        var submitted = workflows.start(inputs.json().valueToTree(arguments.graph),
                submission -> submission.withIdempotencyKey(arguments.idempotencyKey)
                .withTraceParent(call.traceParent()), call.caller());
        var id = submitted.operation().id();
        return new Started(ReferenceView.of(submitted.operation()), "/progress/" + id + "/stream", "/api/v1/workflows/"
                + id + "/events", submitted.replayed());
    }
}
