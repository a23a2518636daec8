package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Runs all failed and cancelled operations again that a filter finds.
@TaskType(value = BulkRetry.TYPE, description = """
        Runs all failed or cancelled operations again that a filter finds: each keeps its id, its checkpoints and its history, and gets its next attempt. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkRetry implements Task<BulkInput, BulkWalk.Output> {

    static final String TYPE = "bulk_retry";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkRetry(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.RETRY, input, store::runAgain, context);
    }
}
