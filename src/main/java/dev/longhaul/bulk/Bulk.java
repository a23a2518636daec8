package dev.longhaul.bulk;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.query.BadFilter;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.OperationStore.Submitted;
import dev.longhaul.task.InputTypes;
import dev.longhaul.task.Tasks;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// Starts bulk changes, and tells beforehand what they would touch.
@Service
public class Bulk {

    private static final String QUEUE = "bulk";
    private static final int FIRST = 100;

    private final OperationList list;
    private final OperationStore store;
    private final Tasks tasks;
    private final InputTypes inputs;

    Bulk(OperationList list, OperationStore store, Tasks tasks, InputTypes inputs) {
        this.list = list;
        this.store = store;
        this.tasks = tasks;
        this.inputs = inputs;
    }

    /// @param filter         which operations; those among them that the verb cannot be done to are left alone
    /// @param reason         for the history of each
    /// @param limit          at most so many, the newest first; null: all
    /// @param expectedCount  how many the caller believes it is; null: any number will do
    /// @param idempotencyKey as of any submission
    public record Change(Verb verb, String filter, @Nullable String reason, @Nullable Long limit, @Nullable Long expectedCount,
                         @Nullable String idempotencyKey) {}

    /// The dry run: how many operations the change would touch now.
    ///
    /// @throws BadFilter naming the place of what cannot be understood
    /// @throws IllegalArgumentException if the filter has no condition
    public long count(Verb verb, String filter, @Nullable Long limit) {
        var all = list.count(matching(verb, filter, Instant.now()), null);
        return limit == null ? all : Math.min(all, limit);
    }

    /// @return the operation that carries it out
    /// @throws BadFilter    naming the place of what cannot be understood
    /// @throws CountDiffers if there are more or fewer operations than expected
    public Submitted start(Change change, Caller caller) {
        JsonNode input = inputs.json().valueToTree(new BulkInput(change.filter, change.reason, change.limit));
        if (change.expectedCount != null) {
            var found = count(change.verb, change.filter, change.limit);
            if (found != change.expectedCount) {
                throw new CountDiffers(change.expectedCount, found);
            }
        }
        return store.submit(tasks.checked(Submission.of(change.verb.type(), input)).withQueue(QUEUE).withPriority(FIRST)
                .withIdempotencyKey(change.idempotencyKey), caller);
    }

    /// A time ago is counted from the moment at which the change began, however often it is interrupted.
    static Filter matching(Verb verb, String filter, Instant begun) {
        return filter(filter, begun).and(Filter.of(verb.statuses(), null));
    }

    static Filter filter(String text, Instant begun) {
        var filter = Filter.parse(text, begun);
        if (filter.terms().isEmpty()) {
            throw new IllegalArgumentException("filter must have a condition, or it would find all operations there are");
        }
        return filter;
    }
}
