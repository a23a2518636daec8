package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@CommandLine.Command(name = "queues", description = "List the queues. Subcommands pause, resume and limit one.",
        subcommands = {QueuesCommand.PauseCommand.class, QueuesCommand.ResumeCommand.class,
            QueuesCommand.LimitCommand.class})
class QueuesCommand extends ListCommand {

    private static final String QUEUES = "/api/v1/queues";
    private static final List<Column> COLUMNS = List.of(Column.text("QUEUE", "name"),
            Column.status("STATE", QueuesCommand::state), Column.number("PENDING", "depth"),
            Column.number("RUNNING", "running"), Column.number("WAITING", "waiting"),
            Column.orDash("LIMIT", "max_running"), Column.text("REASON", "reason"));

    QueuesCommand() {
        super(QUEUES, "queues", COLUMNS, "All queues are empty.");
    }

    @Override
    String line(JsonNode queue) {
        return state(queue);
    }

    private static String state(JsonNode queue) {
        return queue.path("paused").asBoolean(false) ? "paused" : "open";
    }

    @CommandLine.Command(name = "pause",
            description = "Pause a queue: start nothing more from it. Running operations continue.")
    static class PauseCommand extends ItemCommand.ReasonedActionCommand {

        @Option(names = "--for", paramLabel = "TIME", description = "Resume after this time: 30m, 2h.")
        private @Nullable Duration length;

        @Override
        ObjectNode body() {
            return SubmitOptions.put(super.body(), "length", length);
        }
    }

    @CommandLine.Command(name = "resume", description = "Resume a paused queue.")
    static class ResumeCommand extends ItemCommand.ReasonedActionCommand {
    }

    @CommandLine.Command(name = "limit",
            description = "Limit how many operations of a queue run at once, over all nodes. 'none' removes the limit.")
    static class LimitCommand extends ItemCommand.ReasonedActionCommand {

        @Parameters(index = "1", paramLabel = "N", description = "The limit, or none.")
        private String limit = "";

        @Override
        String line(JsonNode queue) {
            return queue.hasNonNull("max_running") ? "at most " + queue.path("max_running") : "no limit";
        }

        @Override
        ObjectNode body() {
            if (!limit.matches("none|\\d{1,9}")) {
                throw new CliError(ExitCode.USAGE, "expected a number or none, not " + limit);
            }
            var body = super.body();
            return limit.equals("none") ? body.putNull("max_running")
                    : body.put("max_running", Integer.parseInt(limit));
        }

        @Override
        JsonNode post() {
            return ApiClient.required(api().send("PUT", path() + "/limit", Map.of(), body()));
        }
    }
}
