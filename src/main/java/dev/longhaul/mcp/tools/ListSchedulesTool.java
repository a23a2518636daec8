package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import dev.longhaul.web.ScheduleView;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Lists schedules.
@ToolType(value = "list_schedules", title = "List schedules", readOnly = true, idempotent = true, description = """
        Lists schedules by name, each with its next runs. Use it to see when which task runs, and which schedules are \
        paused. Returns a page; next_after gets the next one.""")
@Order(21)
class ListSchedulesTool implements OperationTool<ListSchedulesTool.Arguments, ListSchedulesTool.Page> {

    private static final int USUAL = 50;

    record Arguments(
            @JsonPropertyDescription("Page size, 1 to 200; default 50") @Min(1) @Max(
            Schedules.MAX_LISTED) @Nullable Integer limit,
            @JsonPropertyDescription("next_after of the previous page") @Nullable String after) {}

    /// @param nextAfter null: this is the last page
    @JsonNaming(SnakeCaseStrategy.class)
    record Page(List<ScheduleView> schedules, int count, @Nullable String nextAfter) {}

    private static final int PREVIEWED = 5;

    static ScheduleView view(Schedule schedule, Schedules schedules) {
        return ScheduleView.of(schedule, schedules.preview(schedule.spec().timing(), null, PREVIEWED));
    }

    private final Schedules schedules;

    ListSchedulesTool(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public Page call(Arguments arguments, ToolCall call) {
        var limit = arguments.limit == null ? USUAL : arguments.limit;
        var found = schedules.list(arguments.after == null ? "" : arguments.after, limit);
        return new Page(found.stream().map(schedule -> view(schedule, schedules)).toList(), found.size(),
                found.size() < limit ? null : found.getLast().spec().name());
    }
}
