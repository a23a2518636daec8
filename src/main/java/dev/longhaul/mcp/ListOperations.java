package dev.longhaul.mcp;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.dialect.Words;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.task.InputTypes;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The newest operations, filtered.
@Component
@Order(5)
class ListOperations extends Tool<ListOperations.Arguments> {

    private static final int USUAL = 50;

    record Arguments(
            @JsonPropertyDescription("running (all that is not over), pending, waiting, completed, failed or cancelled; default: all") @Nullable String status,
            @JsonPropertyDescription("Only of this task type") @Size(min = 1, max = 200) @Nullable String taskType,
            @JsonPropertyDescription("How many, 1 to 200; default 50") @Min(1) @Max(OperationList.MOST) @Nullable Integer limit,
            @JsonPropertyDescription("The next page: next_before of the page before") @Nullable String before) {}

    /// @param nextBefore null: there are no more
    @JsonNaming(SnakeCaseStrategy.class)
    record Page(List<Item> operations, int count, @Nullable String nextBefore) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Item(String operationId, String status, String state, String type, String queue, double progress, String message, Instant startedAt,
                Instant updatedAt, double elapsedSeconds, int attempt, int maxAttempts, Instant createdAt, @Nullable Instant finishedAt, long version) {

        static Item of(ListedOperation operation) {
            return new Item(operation.id().toString(), Words.status(operation.status()), operation.status().word(), operation.type(), operation.queue(),
                    operation.percent(), Words.message(operation.status(), operation.message()),
                    operation.startedAt() == null ? operation.createdAt() : operation.startedAt(), operation.updatedAt(),
                    operation.elapsed().toMillis() / 1000.0, operation.attempt(), operation.maxAttempts(), operation.createdAt(), operation.finishedAt(),
                    operation.version());
        }
    }

    private final OperationList list;

    ListOperations(InputTypes inputs, OperationList list) {
        super(inputs.of(Arguments.class));
        this.list = list;
    }

    @Override
    String name() {
        return "list_operations";
    }

    @Override
    String title() {
        return "List operations";
    }

    @Override
    String description() {
        return "The operations there are, newest first, without their outputs.";
    }

    @Override
    boolean isReadOnly() {
        return true;
    }

    @Override
    Object call(Arguments arguments, Caller caller) {
        var limit = arguments.limit == null ? USUAL : arguments.limit;
        var type = arguments.taskType == null ? null : Text.storable("task_type", arguments.taskType, 200);
        var found = list.page(Filter.of(statuses(arguments.status), type), arguments.before == null ? null : OperationId.parse(arguments.before), limit);
        return new Page(found.stream().map(Item::of).toList(), found.size(), found.size() < limit ? null : found.getLast().id().toString());
    }

    private static Set<Status> statuses(@Nullable String word) {
        if (word == null) {
            return Set.of();
        }
        if (!Words.filters().contains(word)) {
            throw new IllegalArgumentException("status must be one of " + String.join(", ", Words.filters()) + ", not " + Text.quoted(word));
        }
        return Words.statuses(word);
    }
}
