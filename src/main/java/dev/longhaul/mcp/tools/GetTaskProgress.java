package dev.longhaul.mcp.tools;

import dev.longhaul.dialect.FirstReport;
import dev.longhaul.dialect.ReferenceView;
import dev.longhaul.mcp.rpc.Operations;
import dev.longhaul.tool.Call;
import dev.longhaul.tool.ToolType;
import org.springframework.core.annotation.Order;

/// How far an operation is, told now.
@ToolType(value = "get_task_progress", title = "Get the progress of a task", readOnly = true, idempotent = true, description = """
        How far an operation is, told at once: status, percent, message, time so far and time left. Use it to tell somebody how it goes, about \
        once a second at most; to wait for the end use wait_for_task instead.""")
@Order(2)
class GetTaskProgress implements OperationTool<OneOperation, ReferenceView> {

    private final Operations operations;
    private final FirstReport firstReport;

    GetTaskProgress(Operations operations, FirstReport firstReport) {
        this.operations = operations;
        this.firstReport = firstReport;
    }

    @Override
    public ReferenceView call(OneOperation arguments, Call call) {
        var operation = operations.get(arguments.id(), call.caller());
        return ReferenceView.of(firstReport.await(operation) ? operations.get(arguments.id(), call.caller()) : operation);
    }
}
