package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Ends the rest of all operations that a filter finds.
@TaskType(value = BulkResume.TYPE, description = """
        Resumes all paused operations that a filter finds: each goes on at the checkpoint it had reached. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkResume implements Task<BulkInput, BulkWalk.Output> {

    static final String TYPE = "bulk_resume";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkResume(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.RESUME, input, store::resume, context);
    }
}
