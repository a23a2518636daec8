package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.reference.InitialReportFilter;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import org.springframework.core.annotation.Order;

/// Returns the progress of an operation.
@ToolType(value = "get_task_progress", title = "Get the progress of a task", readOnly = true, idempotent = true,
        description = """
        Returns the progress of an operation at once: status, percent, message, elapsed and remaining time. Use it to \
        report progress, at most once a second; to wait for the end use wait_for_task.""")
@Order(2)
class GetTaskProgressTool implements OperationTool<OperationArguments, ReferenceView> {

    private final VisibleOperations operations;
    private final InitialReportFilter initialReport;

    GetTaskProgressTool(VisibleOperations operations, InitialReportFilter initialReport) {
        this.operations = operations;
        this.initialReport = initialReport;
    }

    @Override
    public ReferenceView call(OperationArguments arguments, ToolCall call) {
        var operation = operations.get(arguments.id(), call.caller());
        return ReferenceView.of(initialReport.await(operation)
                ? operations.get(arguments.id(), call.caller()) : operation);
    }
}
