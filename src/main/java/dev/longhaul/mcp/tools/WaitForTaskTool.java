package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.live.Subscribers;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/// Waits for the end of an operation (long poll).
@ToolType(value = "wait_for_task", title = "Wait for a task", readOnly = true, idempotent = true, description = """
        Waits until an operation ends or has an open input request, at most timeout_seconds. Use it instead of polling \
        get_task_progress. Returns the operation as get_task_result does; if its status is still running, call it again.""")
@Order(7)
class WaitForTaskTool implements OperationTool<WaitForTaskTool.Arguments, ReferenceView> {

    private static final double USUAL = 25;

    record Arguments(@JsonPropertyDescription("The operation_id that a call returned") String operationId,
                     @JsonPropertyDescription("Maximum wait, 0 to 300; default 25") @Min(0) @Max(
                     300) @Nullable Double timeoutSeconds) {}

    private final VisibleOperations operations;
    private final Subscribers subscribers;

    WaitForTaskTool(VisibleOperations operations, Subscribers subscribers) {
        this.operations = operations;
        this.subscribers = subscribers;
    }

    @Override
    public ReferenceView call(Arguments arguments, ToolCall call) throws InterruptedException {
        var id = OperationId.parse(arguments.operationId);
        var until = System.nanoTime()
                + Math.round((arguments.timeoutSeconds == null ? USUAL : arguments.timeoutSeconds) * 1e9);
        var operation = operations.get(id, call.caller());
        try (var subscriber = subscribers.subscribe(id, operation.version())) {
            var isOver = operation.isOver();
            while (!isOver && operation.waitsFor() != WaitReason.ANSWER && !subscriber.isClosed()
                    && System.nanoTime() < until) {
                var change = subscriber.next(Duration.ofNanos(until - System.nanoTime()));
                if (change.isPresent()) {
                    operation = change.get().operation();
                    isOver = change.get().isLast();
                    call.progress(operation.progress().percent(), 100, String.valueOf(operation.progress().message()));
                }
            }
        }
        return ReferenceView.of(operations.get(id, call.caller()));
    }
}
