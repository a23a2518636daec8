package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Lets all operations rest that a filter finds.
@TaskType(value = BulkPause.TYPE, description = """
        Pauses all operations that a filter finds and that are not over: those that have not started are not started, running ones stop at their next checkpoint. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkPause implements Task<BulkInput, BulkWalk.Output> {

    static final String TYPE = "bulk_pause";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkPause(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.PAUSE, input, store::pause, context);
    }
}
