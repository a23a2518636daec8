package dev.longhaul.mcp;

import dev.longhaul.dialect.FirstReport;
import dev.longhaul.dialect.ReferenceView;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.InputTypes;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/// How far an operation is, told now.
@Component
@Order(2)
class GetTaskProgress extends Tool<OneOperation> {

    private final OperationStore store;
    private final FirstReport firstReport;

    GetTaskProgress(InputTypes inputs, OperationStore store, FirstReport firstReport) {
        super(inputs.of(OneOperation.class));
        this.store = store;
        this.firstReport = firstReport;
    }

    @Override
    String name() {
        return "get_task_progress";
    }

    @Override
    String title() {
        return "Get the progress of a task";
    }

    @Override
    String description() {
        return "How far an operation is: status, percent, message, time so far and time left. Ask about once a second at most.";
    }

    @Override
    boolean isReadOnly() {
        return true;
    }

    @Override
    Object call(OneOperation arguments, Caller caller) {
        var operation = find(arguments.id());
        return ReferenceView.of(firstReport.await(operation) ? find(arguments.id()) : operation);
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow(() -> new NoSuchOperation(id));
    }
}
