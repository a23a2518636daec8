package dev.longhaul.bulk;

import dev.longhaul.store.BulkStore;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Adds tags to all operations that a filter finds, and takes others away.
@TaskType(value = BulkTag.TYPE, description = """
        Adds tags to all operations that a filter finds, and takes others away. One that would have more than 20 stays as it is. \
        Only operations that were submitted before this one. Returns how many it found and how many it changed.""")
class BulkTag implements Task<BulkTagInput, BulkWalk.Output> {

    static final String TYPE = "bulk_tag";

    private final BulkWalk walk;
    private final BulkStore store;

    BulkTag(BulkWalk walk, BulkStore store) {
        this.walk = walk;
        this.store = store;
    }

    @Override
    public BulkWalk.Output run(BulkTagInput input, TaskContext context) throws Exception {
        return walk.go(BulkAction.TAG, input, (ids, reason, caller) -> store.tag(ids, input.added(), input.removed(),
                reason, caller), context);
    }
}
