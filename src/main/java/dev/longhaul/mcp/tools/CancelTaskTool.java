package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.mcp.rpc.OperationNotVisible;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/// Cancels an operation.
@ToolType(value = "cancel_task", title = "Cancel a task", destructive = true, idempotent = true, description = """
        Cancels an operation. A pending one is cancelled at once; a running one stops at its next checkpoint, which \
        get_task_progress shows, and may still complete before. Use it for work that is no longer needed; retry_task \
        runs it again. Returns the operation as it is now. Repeating it, or cancelling a finished one, changes nothing.""")
@Order(4)
class CancelTaskTool implements OperationTool<CancelTaskTool.Arguments, ReferenceView> {

    record Arguments(@JsonPropertyDescription("The operation_id that start_long_task returned") String operationId,
                     @JsonPropertyDescription("Reason, for the history") @Size(max = 500) @Nullable String reason) {}

    private final VisibleOperations operations;
    private final OperationStore store;

    CancelTaskTool(VisibleOperations operations, OperationStore store) {
        this.operations = operations;
        this.store = store;
    }

    @Override
    public ReferenceView call(Arguments arguments, ToolCall call) {
        var id = OperationId.parse(arguments.operationId);
        var reason = arguments.reason == null ? null : Text.storable("reason", arguments.reason, 500);
        operations.get(id, call.caller());
        return ReferenceView.of(store.cancel(id, reason, call.caller())
                .orElseThrow(() -> new OperationNotVisible(operations.missing("operation", id))));
    }
}
