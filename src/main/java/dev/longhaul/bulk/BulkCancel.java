package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Cancels all operations that a filter finds.
@TaskType(value = BulkCancel.TYPE, description = """
        Cancels all operations that a filter finds and that are not over: those that have not started at once, running ones are asked to stop. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkCancel implements Task<BulkInput, BulkWalk.Output> {

    static final String TYPE = "bulk_cancel";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkCancel(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.CANCEL, input, store::cancel, context);
    }
}
