package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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

/// Retries a failed or cancelled operation.
@ToolType(value = "retry_task", title = "Retry a task", description = """
        Retries a failed or cancelled operation: same id, same input; finished steps of earlier attempts are not \
        repeated. Use it when the cause of the failure is resolved. Returns the operation, which is pending now; wait \
        for its end with wait_for_task. An unfinished or completed operation cannot be retried.""")
@Order(5)
class RetryTaskTool implements OperationTool<RetryTaskTool.Arguments, ReferenceView> {

    record Arguments(@JsonPropertyDescription("The operation_id that a call returned") String operationId,
                     @JsonPropertyDescription("Reason, for the history") @Size(max = 500) @Nullable String reason) {}

    private final VisibleOperations operations;
    private final OperationStore store;

    RetryTaskTool(VisibleOperations operations, OperationStore store) {
        this.operations = operations;
        this.store = store;
    }

    @Override
    public ReferenceView call(Arguments arguments, ToolCall call) {
        var id = OperationId.parse(arguments.operationId);
        var reason = arguments.reason == null ? null : Text.storable("reason", arguments.reason, 500);
        operations.get(id, call.caller());
        return ReferenceView.of(store.runAgain(id, reason, call.caller())
                .orElseThrow(() -> new IllegalArgumentException(
                "operation " + id + " is " + operations.get(id, call.caller()).status()
                .word() + "; only a failed or cancelled one can be retried")));
    }
}
