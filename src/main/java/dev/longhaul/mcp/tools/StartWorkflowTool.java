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

/// Starts a graph of tasks.
@ToolType(value = "start_workflow", title = "Start a workflow", description = """
        Starts several tasks as a graph: each begins when those it needs are over, and ${name.output} in its input stands for what they returned. A node may be one task for each element of \
        a list, and may be there for a failure. Use it for work of several steps; it goes on through restarts. Returns at once with an operation_id: follow it with get_task_progress, \
        fetch the output with get_task_result, stop all of it with cancel_task.""")
@Order(22)
class StartWorkflowTool implements OperationTool<StartWorkflowTool.Arguments, StartWorkflowTool.Started> {

    record Arguments(
            @JsonPropertyDescription("The graph") WorkflowGraph graph,
            @JsonPropertyDescription("The same key with the same graph gives the workflow that is there already, for "
                    + "24 hours") @Size(min = 1, max = 200) @Nullable String idempotencyKey) {}

    /// @param streamUrl where to watch it live
    /// @param eventsUrl where to watch all of its operations
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
