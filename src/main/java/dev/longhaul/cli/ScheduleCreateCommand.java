package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "create",
        description = {"Create a schedule, with one of --cron, --every and --at.",
            "  longhaul schedules create nightly csv_import --cron '30 2 * * *' --zone Europe/Berlin "
            + "-i file=orders.csv -i table=import.orders"})
class ScheduleCreateCommand extends OutputCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The name, unique among the schedules.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TYPE", description = "The task type to start.")
    private String type = "";

    @Mixin
    private ScheduleTimeOptions time = new ScheduleTimeOptions();

    @Mixin
    private SubmitOptions operation = new SubmitOptions();

    @Option(names = "--overlap", paramLabel = "POLICY", description = "If an earlier operation has not ended: skip "
            + "(default), queue, cancel_older or allow.")
    private @Nullable String overlap;

    @Option(names = "--catch-up", paramLabel = "POLICY",
            description = "Runs that passed while no node was running: latest (default), skip or all.")
    private @Nullable String catchUp;

    @Option(names = "--jitter", paramLabel = "TIME", description = "Delay each start by a random time up to this.")
    private @Nullable Duration jitter;

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "The reason, for the history.")
    private @Nullable String reason;

    @Override
    public Integer call() {
        var body = time.putInto(ApiClient.json.createObjectNode().put("name", name));
        SubmitOptions.put(body, "overlap", overlap);
        SubmitOptions.put(body, "catch_up", catchUp);
        SubmitOptions.put(body, "jitter", jitter);
        SubmitOptions.put(body, "reason", reason);
        body.set("operation", operation.body(type));
        return print(api().post(SchedulesCommand.SCHEDULES, body), this::text);
    }

    private String text(JsonNode schedule) {
        return name + "  next " + (schedule.hasNonNull("next_run") ? DisplayFormat.text(schedule, "next_run") + ", "
                + DisplayFormat.ago(schedule.path("next_run")) : "never") + "\n";
    }

    @CommandLine.Command(name = "preview", description = "Show when a new schedule would run. Nothing is stored.")
    static class PreviewCommand extends OutputCommand {

        @Mixin
        private ScheduleTimeOptions time = new ScheduleTimeOptions();

        @Option(names = "--from", paramLabel = "TIME", description = "After this time; default: now.")
        private @Nullable Instant from;

        @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "10",
                description = "Show N runs, 1 to 100; default: 10.")
        private int count;

        @Override
        public Integer call() {
            var body = time.putInto(ApiClient.json.createObjectNode().put("count", count));
            SubmitOptions.put(body, "from", from);
            return print(api().post(SchedulesCommand.SCHEDULES + ":preview", body),
                    preview -> SchedulesCommand.times(preview.path("runs"), body.path("zone").asString(null), ""));
        }
    }
}
