package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.reference.InitialReportFilter;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import org.springframework.core.annotation.Order;

/// How far an operation is, told now.
@ToolType(value = "get_task_progress", title = "Get the progress of a task", readOnly = true, idempotent = true, description = """
        How far an operation is, told at once: status, percent, message, time so far and time left. Use it to tell somebody how it goes, about \
        once a second at most; to wait for the end use wait_for_task instead.""")
@Order(2)
class GetTaskProgressTool implements OperationTool<OperationArguments, ReferenceView> {

    private final VisibleOperations operations;
    private final InitialReportFilter firstReport;

    GetTaskProgressTool(VisibleOperations operations, InitialReportFilter firstReport) {
        this.operations = operations;
        this.firstReport = firstReport;
    }

    @Override
    public ReferenceView call(OperationArguments arguments, ToolCall call) {
        var operation = operations.get(arguments.id(), call.caller());
        return ReferenceView.of(firstReport.await(operation)
                ? operations.get(arguments.id(), call.caller()) : operation);
    }
}
