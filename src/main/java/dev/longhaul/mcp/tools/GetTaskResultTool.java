package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import org.springframework.core.annotation.Order;

/// Returns the result of an operation, if it has ended.
@ToolType(value = "get_task_result", title = "Get the result of a task", readOnly = true, idempotent = true,
        description = """
        Returns the result of an operation at once: output if it is completed, error if it failed. Before the end \
        output is null.""")
@Order(3)
class GetTaskResultTool implements OperationTool<OperationArguments, ReferenceView> {

    private final VisibleOperations operations;

    GetTaskResultTool(VisibleOperations operations) {
        this.operations = operations;
    }

    @Override
    public ReferenceView call(OperationArguments arguments, ToolCall call) {
        return ReferenceView.of(operations.get(arguments.id(), call.caller()));
    }
}
