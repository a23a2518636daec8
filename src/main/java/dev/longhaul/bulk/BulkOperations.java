package dev.longhaul.bulk;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.OperationStore.Submitted;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.TaskRegistry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// Starts bulk changes, and counts beforehand what they would change.
@Service
public class BulkOperations {

    private static final String QUEUE = "bulk";
    private static final int HIGHEST_PRIORITY = 100;

    private final OperationList list;
    private final OperationStore store;
    private final TaskRegistry tasks;
    private final InputTypes inputs;

    BulkOperations(OperationList list, OperationStore store, TaskRegistry tasks, InputTypes inputs) {
        this.list = list;
        this.store = store;
        this.tasks = tasks;
        this.inputs = inputs;
    }

    /// The dry run: the number of operations that the change would affect now.
    ///
    /// @throws InvalidFilter            with the position of what cannot be parsed
    /// @throws IllegalArgumentException if the filter has no condition
    public long count(BulkAction action, String filter, @Nullable Long limit) {
        var all = list.count(action.matching(filter, Instant.now()), null);
        return limit == null ? all : Math.min(all, limit);
    }

    /// @param expectedCount  number of operations that the caller expects; null: any
    /// @param idempotencyKey as of any submission; null: none
    /// @return the operation that makes the change
    /// @throws CountMismatch if the filter finds another number
    public Submitted start(BulkAction action, BulkInput input, @Nullable Long expectedCount,
            @Nullable String idempotencyKey, Caller caller) {
        var submission = tasks.checked(Submission.of(action.type(), inputs.json().valueToTree(input)));
        if (expectedCount != null) {
            var found = count(action, input.filter(), input.limit());
            if (found != expectedCount) {
                throw new CountMismatch(expectedCount, found);
            }
        }
        return store.submit(submission.withQueue(QUEUE).withPriority(HIGHEST_PRIORITY)
                .withIdempotencyKey(idempotencyKey), caller);
    }
}
