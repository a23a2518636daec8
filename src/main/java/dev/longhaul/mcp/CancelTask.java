package dev.longhaul.mcp;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.dialect.ReferenceView;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.InputTypes;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/// Cancels an operation that waits; asks one that runs to stop.
@Component
@Order(4)
class CancelTask extends Tool<CancelTask.Arguments> {

    record Arguments(@JsonPropertyDescription("The operation_id that start_long_task returned") String operationId,
                     @JsonPropertyDescription("Why, for the history") @Size(max = 500) @Nullable String reason) {}

    private final OperationStore store;

    CancelTask(InputTypes inputs, OperationStore store) {
        super(inputs.of(Arguments.class));
        this.store = store;
    }

    @Override
    String name() {
        return "cancel_task";
    }

    @Override
    String title() {
        return "Cancel a task";
    }

    @Override
    String description() {
        return """
                Asks an operation to stop. One that has not begun is cancelled at once; a running one stops at its next checkpoint, which get_task_progress \
                shows, and may still complete before. Asking again, or after the end, changes nothing.""";
    }

    @Override
    boolean isReadOnly() {
        return false;
    }

    @Override
    Object call(Arguments arguments, Caller caller) {
        var id = OperationId.parse(arguments.operationId);
        var reason = arguments.reason == null ? null : Text.storable("reason", arguments.reason, 500);
        return ReferenceView.of(store.cancel(id, reason, caller).orElseThrow(() -> new NoSuchOperation(id)));
    }
}
