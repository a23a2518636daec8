package dev.longhaul.bulk;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.Counts;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.BulkStore;
import dev.longhaul.store.LostConnections;
import dev.longhaul.store.Workload;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Changes all operations that a filter finds, page by page, from the newest to the oldest. The cursor is the last id
/// of the page before, and commits with that page: changed operations no longer pass the filter, but the cursor does
/// not skip any.
class BulkTask implements Task<BulkInput, BulkTask.Output> {

    private static final int PAGE = OperationList.MOST;
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(1);   // a page of a rare filter is shorter

    private final BulkAction action;
    private final OperationList list;
    private final Counts counts;
    private final BulkStore store;

    BulkTask(BulkAction action, OperationList list, Counts counts, BulkStore store) {
        this.action = action;
        this.list = list;
        this.counts = counts;
        this.store = store;
    }

    /// @param matched number of operations that the filter found
    /// @param changed number of them that were changed; the others had ended meanwhile, or had been changed before
    record Output(long matched, long changed) {}

    /// @param total of the operations to change; an estimate if they are too many to count in time
    private record Start(Instant at, long total) {}

    /// @param last the cursor; null: no operations are left
    private record Page(@Nullable String last, long matched, long changed) {}

    @Override
    public void check(BulkInput input) {
        input.requireFor(action);
    }

    @Override
    public Output run(BulkInput input, TaskContext context) throws Exception {
        try (var _ = Workload.BULK.enter()) {
            return change(input, context);
        }
    }

    private Output change(BulkInput input, TaskContext context) throws Exception {
        var start = Objects.requireNonNull(context.step("begin", Start.class,
                () -> LostConnections.repeat(() -> start(input, context.operationId()))));
        var caller = new Caller("operation " + context.operationId(), "engine");
        var below = context.operationId();
        var matched = 0L;
        var changed = 0L;
        for (var n = 1; ; n++) {
            var cursor = below;
            var size = (int) (input.limit() == null ? PAGE : Math.min(PAGE, input.limit() - matched));
            var page = size == 0 ? new Page(null, 0, 0)
                    : page(context, "batch-" + n, () -> change(input, start.at, cursor, size, caller));
            matched += page.matched;
            changed += page.changed;
            var total = Math.max(matched, start.total);
            context.report(matched, total, changed + " of " + total + " operations " + action.done());
            if (page.last == null) {
                context.conclude(changed + " operations " + action.done());
                return new Output(matched, changed);
            }
            below = OperationId.parse(page.last);
        }
    }

    private static Page page(TaskContext context, String name, Supplier<Page> change) throws Exception {
        return Objects.requireNonNull(LostConnections.call(
                () -> context.transaction(name, Page.class, _ -> change.get())));
    }

    private Start start(BulkInput input, OperationId below) {
        var now = Instant.now();
        var total = counts.before(below, action.matching(input.filter(), now), 0).size();
        return new Start(now, input.limit() == null ? total : Math.min(total, input.limit()));
    }

    private Page change(BulkInput input, Instant start, OperationId below, int size, Caller caller) {
        var page = list.filled(action.matching(input.filter(), start), below, size, PAGE_TIMEOUT);
        var ids = page.operations().stream().map(ListedOperation::id).toList();
        return new Page(page.next() == null ? null : page.next().toString(), ids.size(),
                ids.isEmpty() ? 0 : change(ids, input, caller));
    }

    private int change(List<OperationId> ids, BulkInput input, Caller caller) {
        return switch (action) {
            case CANCEL -> store.cancel(ids, input.reason(), caller);
            case RETRY -> store.runAgain(ids, input.reason(), caller);
            case PAUSE -> store.pause(ids, input.reason(), caller);
            case RESUME -> store.resume(ids, input.reason(), caller);
            case RERUN -> store.rerun(ids, input.reason(), caller);
            case TAG -> store.tag(ids, input.added(), input.removed(), input.reason(), caller);
        };
    }
}
