package dev.longhaul.mcp;

import dev.longhaul.dialect.ReferenceView;
import dev.longhaul.operation.Caller;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.InputTypes;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/// How an operation ended, if it has.
@Component
@Order(3)
class GetTaskResult extends Tool<OneOperation> {

    private final OperationStore store;

    GetTaskResult(InputTypes inputs, OperationStore store) {
        super(inputs.of(OneOperation.class));
        this.store = store;
    }

    @Override
    String name() {
        return "get_task_result";
    }

    @Override
    String title() {
        return "Get the result of a task";
    }

    @Override
    String description() {
        return "The end of an operation: output when it is completed, error when it failed. While it still runs, output is null.";
    }

    @Override
    boolean isReadOnly() {
        return true;
    }

    @Override
    Object call(OneOperation arguments, Caller caller) {
        return ReferenceView.of(store.find(arguments.id()).orElseThrow(() -> new NoSuchOperation(arguments.id())));
    }
}
