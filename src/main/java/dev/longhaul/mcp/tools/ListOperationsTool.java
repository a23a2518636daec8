package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationList;
import dev.longhaul.reference.ReferenceTerms;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Lists the newest operations.
@ToolType(value = "list_operations", title = "List operations", readOnly = true, idempotent = true, description = """
        Lists operations, newest first, without their outputs. Use it to find an operation by type or status, or to see \
        what is running, waiting or failed. Returns a page; next_before gets the next one. A page may be short; only a \
        page without next_before is the last.""")
@Order(8)
class ListOperationsTool implements OperationTool<ListOperationsTool.Arguments, ListOperationsTool.Page> {

    private static final int USUAL = 50;
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(2);   // then the page is short

    record Arguments(
            @JsonPropertyDescription("running (all unfinished), pending, waiting, completed, failed or "
            + "cancelled; default: all") @Nullable String status,
            @JsonPropertyDescription("Only of this task type") @Size(min = 1, max = 200) @Nullable String taskType,
            @JsonPropertyDescription("Page size, 1 to 200; default 50") @Min(1) @Max(
                    OperationList.MOST) @Nullable Integer limit,
            @JsonPropertyDescription("next_before of the previous page") @Nullable String before) {}

    /// @param nextBefore null: this is the last page
    @JsonNaming(SnakeCaseStrategy.class)
    record Page(List<ReferenceView> operations, int count, @Nullable String nextBefore) {}

    private final OperationList list;
    private final VisibleOperations operations;

    ListOperationsTool(OperationList list, VisibleOperations operations) {
        this.list = list;
        this.operations = operations;
    }

    @Override
    public Page call(Arguments arguments, ToolCall call) {
        var limit = arguments.limit == null ? USUAL : arguments.limit;
        var type = arguments.taskType == null ? null : Text.storable("task_type", arguments.taskType, 200);
        var found = list.filled(Filter.of(statuses(arguments.status), type), arguments.before == null
                ? null : OperationId.parse(arguments.before), limit, PAGE_TIMEOUT);
        var allowed = found.operations().stream().filter(operation -> operations.allows(call.caller(), operation.id()))
                .map(ReferenceView::of).toList();
        return new Page(allowed, allowed.size(), found.next() == null ? null : found.next().toString());
    }

    private static Set<Status> statuses(@Nullable String word) {
        if (word == null) {
            return Set.of();
        }
        if (!ReferenceTerms.filters().contains(word)) {
            throw new IllegalArgumentException("status must be one of " + String.join(", ", ReferenceTerms.filters())
                    + ", not " + Text.quoted(word));
        }
        return ReferenceTerms.statuses(word);
    }
}
