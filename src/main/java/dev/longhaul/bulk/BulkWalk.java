package dev.longhaul.bulk;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.task.TaskContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The way through all operations that a filter finds, from the newest to the oldest, a page at a time. The cursor is
/// where the page before ended, and is kept with the checkpoint of that page: what is changed drops out of the filter,
/// and is not missed by the cursor.
@Component
class BulkWalk {

    private static final int BATCH = OperationList.MOST;
    private static final Duration PATIENCE = Duration.ofSeconds(1);   // a batch of what is seldom is smaller

    private final OperationList list;

    BulkWalk(OperationList list) {
        this.list = list;
    }

    /// What is done to a page of operations.
    interface Work {

        /// @return how many were changed
        int change(List<OperationId> ids, @Nullable String reason, Caller caller);
    }

    /// @param matched how many operations the filter found
    /// @param changed how many of them were changed; the others had ended, or were asked, in between
    record Output(long matched, long changed) {}

    private record Begun(Instant at, long total) {}

    /// @param last the cursor; null: there are none left
    private record Batch(@Nullable String last, long matched, long changed) {}

    Output go(BulkAction verb, BulkSelection input, Work work, TaskContext context) throws Exception {
        var begun = Objects.requireNonNull(context.step("begin", Begun.class,
                () -> begin(verb, input, context.operationId())));
        var filter = BulkOperations.matching(verb, input.filter(), begun.at);
        var caller = new Caller("operation " + context.operationId(), "engine");
        var below = context.operationId();
        var matched = 0L;
        var changed = 0L;
        for (var n = 1; ; n++) {
            var cursor = below;
            var size = (int) (input.limit() == null ? BATCH : Math.min(BATCH, input.limit() - matched));
            var batch = size == 0 ? new Batch(null, 0, 0)
                    : Objects.requireNonNull(context.transaction("batch-" + n, Batch.class,
                    _ -> change(work, filter, cursor, size, input.reason(), caller)));
            matched += batch.matched;
            changed += batch.changed;
            context.report(Math.min(matched, begun.total), begun.total, changed + " of " + begun.total + " operations "
                    + verb.done());
            if (batch.last == null) {
                context.conclude(changed + " operations " + verb.done());
                return new Output(matched, changed);
            }
            below = OperationId.parse(batch.last);
        }
    }

    private Begun begin(BulkAction verb, BulkSelection input, OperationId below) {
        var now = Instant.now();
        var total = list.count(BulkOperations.matching(verb, input.filter(), now), below);
        return new Begun(now, input.limit() == null ? total : Math.min(total, input.limit()));
    }

    private Batch change(Work work, Filter filter, OperationId below, int size, @Nullable String reason,
            Caller caller) {
        var page = list.filled(filter, below, size, PATIENCE);
        var ids = page.operations().stream().map(ListedOperation::id).toList();
        return new Batch(page.next() == null ? null : page.next().toString(), ids.size(), ids.isEmpty()
                ? 0 : work.change(ids, reason, caller));
    }
}
