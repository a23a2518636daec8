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

/// The schedules there are.
@ToolType(value = "list_schedules", title = "List schedules", readOnly = true, idempotent = true, description = """
        The schedules there are, by name, each with its next times. Use it to see what will be started when, and whether it is paused. Returns a page; next_after gets the next one.""")
@Order(21)
class ListSchedulesTool implements OperationTool<ListSchedulesTool.Arguments, ListSchedulesTool.Page> {

    private static final int USUAL = 50;

    record Arguments(
            @JsonPropertyDescription("How many, 1 to 200; default 50") @Min(1) @Max(
            Schedules.MAX_LISTED) @Nullable Integer limit,
            @JsonPropertyDescription("The next page: next_after of the page before") @Nullable String after) {}

    /// @param nextAfter null: there are no more
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
