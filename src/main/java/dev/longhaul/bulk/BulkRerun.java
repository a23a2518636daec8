package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Does all finished operations over that a filter finds.
@TaskType(value = BulkRerun.TYPE, description = """
        Does all operations over that a filter finds and that are completed, failed or cancelled: for each a new operation with the same type and input begins from nothing. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkRerun implements Task<BulkInput, BulkWalk.Output> {

    static final String TYPE = "bulk_rerun";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkRerun(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.RERUN, input, store::rerun, context);
    }
}
