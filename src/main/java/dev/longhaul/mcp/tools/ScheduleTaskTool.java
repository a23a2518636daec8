package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.schedule.CatchUpPolicy;
import dev.longhaul.schedule.OverlapPolicy;
import dev.longhaul.schedule.ScheduleSpec;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.schedule.Timing;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import dev.longhaul.web.ScheduleView;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

/// Creates a schedule.
@ToolType(value = "schedule_task", title = "Schedule a task", description = """
        Creates a schedule that runs a task: by a cron expression in a time zone, at an interval, or once. Use it for \
        work that should run later or repeatedly. Returns the schedule with its next runs.""")
@Order(20)
class ScheduleTaskTool implements OperationTool<ScheduleTaskTool.Arguments, ScheduleView> {

    record Arguments(
            @JsonPropertyDescription("Unique name") @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("What to run: one of the task types of this service") @Size(min = 1,
                    max = 200) String taskType,
            @JsonPropertyDescription(
            "What the task needs, as its type describes it") @Nullable Map<String, Object> input,
            @JsonPropertyDescription("Minute, hour, day of month, month, day of week, e.g. 30 2 * * MON-FRI; one of "
            + "cron, every_seconds and at is needed") @Size(min = 1, max = 200) @Nullable String cron,
            @JsonPropertyDescription("Time zone of cron, e.g. Europe/Berlin; default: UTC") @Size(min = 1,
            max = 100) @Nullable String zone,
            @JsonPropertyDescription("Interval in seconds") @Min(1) @Max(315_000_000) @Nullable Integer everySeconds,
            @JsonPropertyDescription("Once, at this time, e.g. 2026-01-08T10:00:00Z") @Nullable String at,
            @JsonPropertyDescription(
                    "While an earlier run is unfinished: skip (default), queue, cancel_older or allow") @Nullable String overlap,
            @JsonPropertyDescription(
            "Runs that were due while the service was down: latest (default), skip or all") @Nullable String catchUp) {}

    private final Schedules schedules;
    private final JsonMapper json;

    ScheduleTaskTool(Schedules schedules, JsonMapper json) {
        this.schedules = schedules;
        this.json = json;
    }

    @Override
    public ScheduleView call(Arguments arguments, ToolCall call) {
        var work = Submission.of(arguments.taskType, arguments.input == null
                ? json.createObjectNode() : json.valueToTree(arguments.input));
        var terms = ScheduleSpec.of(arguments.name, timing(arguments), work)
                .withOverlap(arguments.overlap == null ? OverlapPolicy.SKIP : OverlapPolicy.parse(arguments.overlap))
                .withCatchUp(arguments.catchUp == null ? CatchUpPolicy.LATEST : CatchUpPolicy.parse(arguments.catchUp));
        return ListSchedulesTool.view(schedules.create(terms, null, call.caller()), schedules);
    }

    private Timing timing(Arguments arguments) {
        if (Stream.of(arguments.cron, arguments.everySeconds, arguments.at).filter(when -> when != null).count() != 1) {
            throw new IllegalArgumentException("expected one of cron, every_seconds and at");
        }
        if (arguments.cron != null) {
            return Timing.Cron.of(arguments.cron, arguments.zone == null ? "UTC" : arguments.zone);
        }
        return arguments.everySeconds == null ? new Timing.Once(Timestamps.parse("at", arguments.at))
                : new Timing.Every(Duration.ofSeconds(arguments.everySeconds), schedules.now());
    }
}
