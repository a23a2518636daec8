package dev.longhaul.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Lists schedules, and tells of one when it is due and what came of it.
@CommandLine.Command(name = "schedules",
        description = "List the schedules, by name; show, make, pause, trigger or delete one.",
        subcommands = {SchedulesCommand.Show.class, SchedulesCommand.Preview.class, SchedulesCommand.Fires.class,
        ScheduleChangeCommands.Create.class, ScheduleChangeCommands.Pause.class, ScheduleChangeCommands.Resume.class,
                ScheduleChangeCommands.Trigger.class, ScheduleChangeCommands.Backfill.class,
                ScheduleChangeCommands.Delete.class})
class SchedulesCommand extends ServiceCommand {

    static final String SCHEDULES = "/api/v1/schedules";

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx",
            Locale.ROOT);

    @Mixin
    private OutputOptions output = new OutputOptions();

    static String path(String schedule) {
        return SCHEDULES + "/" + ApiClient.encoded(schedule);
    }

    @Override
    public Integer call() {
        var schedules = PageReader.find(api(), SCHEDULES, "schedules", Map.of(), Integer.MAX_VALUE);
        output.tellAll(schedules, () -> table(schedules),
                "No schedules yet. Make one: longhaul schedules create nightly rehearsal --cron '30 2 * * *' -i "
                + "duration_seconds=5 -i steps=5");
        return ExitCode.DONE;
    }

    private static TextTable table(List<JsonNode> schedules) {
        var now = OutputOptions.now();
        var table = new TextTable("NAME", "STATE", "WHEN", "STARTS", "NEXT", "LAST");
        for (var schedule : schedules) {
            var state = state(schedule);
            table.row(DisplayFormat.line(schedule.path("name")), new TextTable.Cell(state, Colors.of(state)),
                    DisplayFormat.line(ScheduleTimeOptions.of(schedule)),
                    DisplayFormat.line(schedule.path("operation").path("type")),
                    DisplayFormat.ago(schedule.path("next_run"), now),
                    DisplayFormat.ago(schedule.path("last_run"), now));
        }
        return table;
    }

    static String state(JsonNode schedule) {
        return schedule.path("paused").asBoolean(false) ? "paused" : schedule.hasNonNull("next_run")
                ? "active" : "over";
    }

    /// A moment by the wall clock of the schedule, since that is what people wanted to hit.
    private static String moment(JsonNode moment, ZoneId zone, Instant now) {
        return "%s  %s".formatted(Instant.parse(moment.asString("")).atZone(zone).format(WALL_CLOCK),
                DisplayFormat.ago(moment, now));
    }

    static ZoneId zone(@Nullable String name) {
        return name == null ? ZoneOffset.UTC : ZoneId.of(name);
    }

    /// Commands about one that is there.
    abstract static class One extends ServiceCommand {

        @Parameters(paramLabel = "SCHEDULE", description = "Its name or its id.")
        private String schedule = "";

        String path() {
            return SchedulesCommand.path(schedule);
        }

        String schedule() {
            return schedule;
        }
    }

    @CommandLine.Command(name = "show", description = "Show a schedule, and the next moments at which it is due.")
    static class Show extends One {

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var schedule = api().get(path());
            output.tell(schedule, () -> text(schedule));
            return ExitCode.DONE;
        }

        private static String text(JsonNode schedule) {
            var lines = new LinkedHashMap<String, String>();
            var work = schedule.path("operation");
            lines.put("schedule", DisplayFormat.line(schedule.path("name")) + "  "
                    + schedule.path("schedule_id").asString(""));
            lines.put("state", state(schedule) + (schedule.hasNonNull("paused_by")
                    ? " by " + DisplayFormat.line(schedule.path("paused_by")) : "")
                    + (schedule.hasNonNull("paused_reason") ? ": " + DisplayFormat.line(schedule.path("paused_reason"))
                    : ""));
            lines.put("when", DisplayFormat.line(ScheduleTimeOptions.of(schedule)));
            lines.put("jitter", schedule.path("jitter").asString("").equals("0s")
                    ? "" : schedule.path("jitter").asString(""));
            lines.put("overlap", schedule.path("overlap").asString(""));
            lines.put("catch up", schedule.path("catch_up").asString(""));
            lines.put("starts", DisplayFormat.line(work.path("type")) + " in queue "
                    + DisplayFormat.line(work.path("queue")));
            lines.put("input", DisplayFormat.line(work.path("input").toString()));
            lines.put("last", schedule.path("last_run").asString(""));
            lines.put("changed", schedule.path("changed_at").asString("") + " by "
                    + DisplayFormat.line(schedule.path("changed_by")));
            var text = new StringBuilder(DisplayFormat.pairs(lines));
            var zone = zone(schedule.hasNonNull("zone") ? schedule.path("zone").asString() : null);
            schedule.path("next_runs")
                    .forEach(moment ->
                    text.append("%-10s %s\n".formatted("next", moment(moment, zone, OutputOptions.now()))));
            return text.toString();
        }
    }

    @CommandLine.Command(name = "preview",
            description = "Tell when a schedule would be due that is not there yet. Nothing is stored.")
    static class Preview extends ServiceCommand {

        @Mixin
        private ScheduleTimeOptions when = new ScheduleTimeOptions();

        @Option(names = "--from", paramLabel = "MOMENT", description = "After this moment; default: now.")
        private @Nullable Instant from;

        @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "10",
                description = "How many, 1 to 100; default: 10.")
        private int count;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var body = ApiClient.json.createObjectNode().put("count", count);
            when.putInto(body);
            SubmitOptions.put(body, "from", from);
            var preview = api().post(SCHEDULES + ":preview", body);
            var zone = zone(body.hasNonNull("zone") ? body.path("zone").asString() : null);
            output.tell(preview, () -> {
                var text = new StringBuilder();
                preview.path("runs")
                        .forEach(moment -> text.append(moment(moment, zone, OutputOptions.now())).append('\n'));
                return text.toString();
            });
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "fires", description =
            "Tell what came of a schedule's moments, newest first: started, queued, skipped or missed, and why.")
    static class Fires extends One {

        @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
                description = "At most so many, up to 200; default: 50.")
        private int limit;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var fires = api().get(ApiClient.path(path() + "/runs", Map.of("page_size", limit))).path("runs")
                    .valueStream().toList();
            output.tellAll(fires, () -> {
                var table = new TextTable("DUE", "OUTCOME", "CAUSE", "OPERATION", "WHY");
                for (var fire : fires) {
                    var outcome = fire.path("outcome").asString("");
                    table.row(fire.path("due_at").asString(""), new TextTable.Cell(outcome, Colors.of(outcome)),
                            fire.path("cause").asString(""),
                            fire.hasNonNull("operation_id") ? fire.path("operation_id").asString() : "-",
                            DisplayFormat.line(fire.path("reason")));
                }
                return table;
            }, "It was not due yet.");
            return ExitCode.DONE;
        }
    }
}
