package dev.longhaul.mcp.tools;

import dev.longhaul.dialect.ReferenceView;
import dev.longhaul.mcp.rpc.Operations;
import dev.longhaul.tool.Call;
import dev.longhaul.tool.ToolType;
import org.springframework.core.annotation.Order;

/// How an operation ended, if it has.
@ToolType(value = "get_task_result", title = "Get the result of a task", readOnly = true, idempotent = true, description = """
        The end of an operation, told at once: output when it is completed, error when it failed. While it still runs, output is null.""")
@Order(3)
class GetTaskResult implements OperationTool<OneOperation, ReferenceView> {

    private final Operations operations;

    GetTaskResult(Operations operations) {
        this.operations = operations;
    }

    @Override
    public ReferenceView call(OneOperation arguments, Call call) {
        return ReferenceView.of(operations.get(arguments.id(), call.caller()));
    }
}
