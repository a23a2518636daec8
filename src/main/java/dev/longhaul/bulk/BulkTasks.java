package dev.longhaul.bulk;

import dev.longhaul.query.Counts;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.BulkStore;
import dev.longhaul.task.TaskType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// One [BulkTask] for each [BulkAction].
@Configuration(proxyBeanMethods = false)
class BulkTasks {

    private static final String SCOPE =
            " Changes only operations submitted before this one. Returns the number of operations found and changed.";

    private final OperationList list;
    private final Counts counts;
    private final BulkStore store;

    BulkTasks(OperationList list, Counts counts, BulkStore store) {
        this.list = list;
        this.counts = counts;
        this.store = store;
    }

    @Bean
    @TaskType(value = "bulk_cancel", description = """
            Cancels all unfinished operations that a filter finds: those that have not started at once; running ones \
            are asked to stop.""" + SCOPE)
    BulkTask bulkCancel() {
        return new BulkTask(BulkAction.CANCEL, list, counts, store);
    }

    @Bean
    @TaskType(value = "bulk_retry", description = """
            Retries all failed or cancelled operations that a filter finds: each keeps its id, checkpoints and \
            history, and gets its next attempt.""" + SCOPE)
    BulkTask bulkRetry() {
        return new BulkTask(BulkAction.RETRY, list, counts, store);
    }

    @Bean
    @TaskType(value = "bulk_pause", description = """
            Pauses all unfinished operations that a filter finds: pending ones do not start; running ones stop at \
            their next checkpoint.""" + SCOPE)
    BulkTask bulkPause() {
        return new BulkTask(BulkAction.PAUSE, list, counts, store);
    }

    @Bean
    @TaskType(value = "bulk_resume", description = """
            Resumes all paused operations that a filter finds: each continues at its last checkpoint.""" + SCOPE)
    BulkTask bulkResume() {
        return new BulkTask(BulkAction.RESUME, list, counts, store);
    }

    @Bean
    @TaskType(value = "bulk_rerun", description = """
            Re-runs all finished operations that a filter finds: each as a new operation with the same type and \
            input, from the beginning.""" + SCOPE)
    BulkTask bulkRerun() {
        return new BulkTask(BulkAction.RERUN, list, counts, store);
    }

    @Bean
    @TaskType(value = "bulk_tag", description = """
            Adds tags to all operations that a filter finds, and removes others. An operation that would have more \
            than 20 tags stays as it is.""" + SCOPE)
    BulkTask bulkTag() {
        return new BulkTask(BulkAction.TAG, list, counts, store);
    }
}
