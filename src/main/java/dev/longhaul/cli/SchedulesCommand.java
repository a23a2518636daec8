package dev.longhaul.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@CommandLine.Command(name = "schedules",
        description = "List the schedules by name. Subcommands show, create, pause, trigger and delete one.",
        subcommands = {SchedulesCommand.ShowCommand.class, ScheduleCreateCommand.PreviewCommand.class,
            SchedulesCommand.RunsCommand.class, ScheduleCreateCommand.class, SchedulesCommand.PauseCommand.class,
            SchedulesCommand.ResumeCommand.class, SchedulesCommand.TriggerCommand.class,
            SchedulesCommand.BackfillCommand.class, SchedulesCommand.DeleteCommand.class})
class SchedulesCommand extends ListCommand {

    static final String SCHEDULES = "/api/v1/schedules";

    private static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx",
            Locale.ROOT);
    private static final List<Column> COLUMNS = List.of(Column.text("NAME", "name"),
            Column.status("STATE", SchedulesCommand::state), Column.of("WHEN", ScheduleTimeOptions::of),
            Column.of("STARTS", schedule -> DisplayFormat.text(schedule.path("operation"), "type")),
            Column.ago("NEXT", "next_run"), Column.ago("LAST", "last_run"));

    SchedulesCommand() {
        super(SCHEDULES, "schedules", COLUMNS, "No schedules yet. Create one: longhaul schedules create nightly "
                + "simulation --cron '30 2 * * *' -i duration_seconds=5 -i steps=5");
    }

    static String state(JsonNode schedule) {
        return schedule.path("paused").asBoolean(false) ? "paused"
                : schedule.hasNonNull("next_run") ? "active" : "ended";
    }

    @Override
    String line(JsonNode schedule) {
        return state(schedule);
    }

    @Override
    String text(JsonNode schedule) {
        var lines = new LinkedHashMap<String, String>();
        var operation = schedule.path("operation");
        var jitter = DisplayFormat.text(schedule, "jitter");
        lines.put("schedule", DisplayFormat.text(schedule, "name") + "  "
                + DisplayFormat.text(schedule, "schedule_id"));
        lines.put("state", state(schedule) + DisplayFormat.suffix(" by ", schedule, "paused_by")
                + DisplayFormat.suffix(": ", schedule, "paused_reason"));
        lines.put("when", ScheduleTimeOptions.of(schedule));
        lines.put("jitter", jitter.equals("0s") ? "" : jitter);
        lines.put("overlap", DisplayFormat.text(schedule, "overlap"));
        lines.put("catch up", DisplayFormat.text(schedule, "catch_up"));
        lines.put("starts", DisplayFormat.text(operation, "type") + " in queue "
                + DisplayFormat.text(operation, "queue"));
        lines.put("input", DisplayFormat.text(operation, "input"));
        lines.put("last", DisplayFormat.text(schedule, "last_run"));
        lines.put("changed", DisplayFormat.text(schedule, "changed_at") + " by "
                + DisplayFormat.text(schedule, "changed_by"));
        return DisplayFormat.pairs(lines)
                + times(schedule.path("next_runs"), schedule.path("zone").asString(null), "next       ");
    }

    /// Times in the time zone of the schedule, which its cron line refers to.
    ///
    /// @param zone null: UTC
    static String times(JsonNode times, @Nullable String zone, String prefix) {
        return times.valueStream().map(time -> "%s%s  %s\n".formatted(prefix, Instant.parse(time.asString(""))
                .atZone(ZoneId.of(zone == null ? "Z" : zone)).format(LOCAL_TIME), DisplayFormat.ago(time)))
                .collect(Collectors.joining());
    }

    @CommandLine.Command(name = "show", description = "Show a schedule and its next runs.")
    static class ShowCommand extends ItemCommand.GetItemCommand {
    }

    @CommandLine.Command(name = "runs",
            description = "List a schedule's runs, newest first: started, queued, skipped or missed, and the reason.")
    static class RunsCommand extends PagedCommand {

        private static final List<Column> COLUMNS = List.of(Column.text("DUE", "due_at"),
                Column.status("OUTCOME", run -> DisplayFormat.text(run, "outcome")), Column.text("CAUSE", "cause"),
                Column.orDash("OPERATION", "operation_id"), Column.text("REASON", "reason"));

        @Parameters(paramLabel = "ID", description = "The schedule's id or name.")
        private String schedule = "";

        RunsCommand() {
            super(SCHEDULES, "runs", COLUMNS, "No runs yet.");
        }

        @Override
        String path() {
            return super.path() + "/" + ApiClient.encoded(schedule) + "/runs";
        }

        @Override
        int largest() {
            return ApiClient.LARGEST_PAGE;
        }
    }

    @CommandLine.Command(name = "pause",
            description = "Pause a schedule: its runs are skipped, and the run log names the principal and the reason.")
    static class PauseCommand extends ItemCommand.ReasonedActionCommand {
    }

    @CommandLine.Command(name = "resume",
            description = "Resume a paused schedule. Runs that were skipped meanwhile are not made up for.")
    static class ResumeCommand extends ItemCommand.ReasonedActionCommand {
    }

    @CommandLine.Command(name = "trigger",
            description = "Start a schedule's operation now, even if the schedule is paused, and print its id.")
    static class TriggerCommand extends ItemCommand.ReasonedActionCommand {

        @Mixin
        private WatchOption watch = new WatchOption();

        @Override
        public Integer call() throws InterruptedException {
            var operation = post();
            return watch.isSet() ? watch.watch(this, DisplayFormat.text(operation, "operation_id"))
                    : print(operation, one -> DisplayFormat.text(one, "operation_id") + "\n");
        }
    }

    @CommandLine.Command(name = "backfill",
            description = "Start a schedule's operation for each of its runs in a past time range, except those in the "
            + "run log.")
    static class BackfillCommand extends ItemCommand.ReasonedActionCommand {

        @Option(names = "--from", required = true, paramLabel = "TIME", description = "Start of the range, inclusive: "
                + "2026-01-08T00:00:00Z.")
        private Instant from = Instant.EPOCH;

        @Option(names = "--to", required = true, paramLabel = "TIME", description = "End of the range, exclusive.")
        private Instant to = Instant.EPOCH;

        @Override
        String line(JsonNode answer) {
            return answer.path("started").asInt() + " started";
        }

        @Override
        ObjectNode body() {
            return super.body().put("from", from.toString()).put("to", to.toString());
        }
    }

    @CommandLine.Command(name = "delete",
            description = "Delete a schedule. Its operations continue, and its run log stays.")
    static class DeleteCommand extends ItemCommand.DeleteItemCommand {

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "The reason, for the history.")
        private @Nullable String reason;

        @Override
        Map<String, String> query() {
            return Map.of("reason", text(reason));
        }
    }
}
