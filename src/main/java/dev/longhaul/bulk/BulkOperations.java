package dev.longhaul.bulk;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.OperationStore.Submitted;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.TaskRegistry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// Starts bulk changes, and tells beforehand what they would touch.
@Service
public class BulkOperations {

    private static final String QUEUE = "bulk";
    private static final int FIRST = 100;

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

    /// @param filter         which operations; those among them that the verb cannot be done to are left alone
    /// @param reason         for the history of each
    /// @param limit          at most so many, the newest first; null: all
    /// @param expectedCount  how many the caller believes it is; null: any number will do
    /// @param idempotencyKey as of any submission
    /// @param tags           of a [BulkAction#TAG]; null: of any other
    public record Change(BulkAction verb, String filter, @Nullable String reason, @Nullable Long limit,
            @Nullable Long expectedCount,
                         @Nullable String idempotencyKey, @Nullable Tags tags) {

        public Change {
            if ((verb == BulkAction.TAG) != (tags != null)) {
                throw new IllegalArgumentException("tags go with TAG and nothing else, not with " + verb);
            }
        }
    }

    /// @param add    tags that each operation gets
    /// @param remove tags that each operation loses
    public record Tags(List<String> add, List<String> remove) {

        /// @throws IllegalArgumentException if they are no tags, or none, or contradict each other
        public Tags {
            tags(add, remove);
        }
    }

    static void tags(@Nullable List<String> add, @Nullable List<String> remove) {
        var added = add == null ? List.<String>of() : add;
        var removed = remove == null ? List.<String>of() : remove;
        if (added.isEmpty() && removed.isEmpty()) {
            throw new IllegalArgumentException("expected tags in add or remove, found none");
        }
        Labels.given(added, Labels.NONE.metadata());
        Labels.given(removed, Labels.NONE.metadata());
        added.stream().filter(removed::contains).findFirst().ifPresent(tag -> {
            throw new IllegalArgumentException("tag " + Text.quoted(tag) + " is in add and in remove");
        });
    }

    /// The dry run: how many operations the change would touch now.
    ///
    /// @throws BadFilter naming the place of what cannot be understood
    /// @throws IllegalArgumentException if the filter has no condition
    public long count(BulkAction verb, String filter, @Nullable Long limit) {
        var all = list.count(matching(verb, filter, Instant.now()), null);
        return limit == null ? all : Math.min(all, limit);
    }

    /// @return the operation that carries it out
    /// @throws BadFilter    naming the place of what cannot be understood
    /// @throws CountDiffers if there are more or fewer operations than expected
    public Submitted start(Change change, Caller caller) {
        JsonNode input = inputs.json()
                .valueToTree(change.tags == null ? new BulkInput(change.filter, change.reason, change.limit)
                : new BulkTagInput(change.filter, change.reason, change.limit, change.tags.add, change.tags.remove));
        if (change.expectedCount != null) {
            var found = count(change.verb, change.filter, change.limit);
            if (found != change.expectedCount) {
                throw new CountMismatch(change.expectedCount, found);
            }
        }
        return store.submit(tasks.checked(Submission.of(change.verb.type(), input)).withQueue(QUEUE).withPriority(FIRST)
                .withIdempotencyKey(change.idempotencyKey), caller);
    }

    /// A time ago is counted from the moment at which the change began, however often it is interrupted.
    static Filter matching(BulkAction verb, String filter, Instant begun) {
        return filter(filter, begun).and(verb.possible());
    }

    static Filter filter(String text, Instant begun) {
        var filter = Filter.parse(text, begun);
        if (filter.terms().isEmpty()) {
            throw new IllegalArgumentException(
                    "filter must have a condition, or it would find all operations there are");
        }
        return filter;
    }
}
