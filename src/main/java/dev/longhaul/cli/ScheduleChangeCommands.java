package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// What changes a schedule that is there: pauses it, lets it go on, starts its operation by hand, deletes it. And what
/// makes one.
abstract class ScheduleChangeCommands extends SchedulesCommand.One {

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
    private @Nullable String reason;

    @Nullable String reason() {
        return reason;
    }

    ObjectNode body() {
        var body = ApiClient.json.createObjectNode();
        SubmitOptions.put(body, "reason", reason);
        return body;
    }

    @CommandLine.Command(name = "create",
            description = {"Make a schedule: what is started when. One of --cron, --every and --at says when.",
            "  longhaul schedules create nightly csv_import --cron '30 2 * * *' --zone Europe/Berlin -i "
            + "file=orders.csv -i table=import.orders"})
    static class Create extends ServiceCommand {

        @Parameters(index = "0", paramLabel = "NAME", description = "Unique among the schedules.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "TYPE", description = "What is started: one of the service's task types.")
        private String type = "";

        @Mixin
        private ScheduleTimeOptions when = new ScheduleTimeOptions();

        @Mixin
        private SubmitOptions work = new SubmitOptions();

        @Option(names = "--overlap", paramLabel = "POLICY",
                description = "While an earlier operation is not over: skip (default), queue, cancel_older or allow.")
        private @Nullable String overlap;

        @Option(names = "--catch-up", paramLabel = "POLICY",
                description = "What passed while no node was at work: latest (default), skip or all.")
        private @Nullable String catchUp;

        @Option(names = "--jitter", paramLabel = "TIME", description = "Start each up to so much later, by chance.")
        private @Nullable Duration jitter;

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
        private @Nullable String reason;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var body = ApiClient.json.createObjectNode().put("name", name);
            when.putInto(body);
            SubmitOptions.put(body, "overlap", overlap);
            SubmitOptions.put(body, "catch_up", catchUp);
            SubmitOptions.put(body, "jitter", jitter);
            SubmitOptions.put(body, "reason", reason);
            body.set("operation", work.body(type));
            var made = api().post(SchedulesCommand.SCHEDULES, body);
            output.tell(made, () -> name + "  next " + (made.hasNonNull("next_run") ? made.path("next_run").asString()
                    + ", " + DisplayFormat.ago(made.path("next_run"), OutputOptions.now()) : "never") + "\n");
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "pause",
            description = "Let a schedule's moments pass; its log says that it was paused, by whom and why.")
    static class Pause extends ScheduleChangeCommands {

        @Override
        public Integer call() {
            System.out.println(schedule() + "  " + SchedulesCommand.state(api().post(path() + ":pause", body())));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "resume",
            description = "Let a paused schedule go on; moments that passed meanwhile are not made up for.")
    static class Resume extends ScheduleChangeCommands {

        @Override
        public Integer call() {
            System.out.println(schedule() + "  " + SchedulesCommand.state(api().post(path() + ":resume", body())));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "trigger", aliases = "fire", description =
            "Start a schedule's operation now, whatever its clock and its pause say, and print the operation's id.")
    static class Trigger extends ScheduleChangeCommands {

        @Option(names = {"-w", "--watch"}, description = "Watch the operation until it is over.")
        private boolean watch;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws InterruptedException {
            var operation = api().post(path() + ":trigger", body());
            var id = operation.path("operation_id").asString("");
            if (watch) {
                return new WatchLoop(api(), ProgressView.of(output)).untilOver(List.of(id), null);
            }
            output.tell(operation, () -> id + "\n");
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "backfill",
            description =
            "Start a schedule's operation for each of its moments within a time that has passed; those in the log "
            + "already are left as they are.")
    static class Backfill extends ScheduleChangeCommands {

        @Option(names = "--from", required = true, paramLabel = "MOMENT",
                description = "From this moment: 2026-01-08T00:00:00Z.")
        private Instant from = Instant.EPOCH;

        @Option(names = "--to", required = true, paramLabel = "MOMENT", description = "To before this one.")
        private Instant to = Instant.EPOCH;

        @Override
        public Integer call() {
            var started = api().post(path() + ":backfill", body().put("from", from.toString()).put("to", to.toString()))
                    .path("started").asInt();
            System.out.println(schedule() + "  " + started + " started");
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "delete",
            description = "Delete a schedule. What it started goes on, and its log stays.")
    static class Delete extends ScheduleChangeCommands {

        @Override
        public Integer call() {
            var query = reason() == null ? Map.<String, String>of() : Map.of("reason", reason());
            ApiClient.required(api().send("DELETE", ApiClient.path(path(), query), Map.of(), null));
            System.out.println(schedule() + "  deleted");
            return ExitCode.DONE;
        }
    }
}
