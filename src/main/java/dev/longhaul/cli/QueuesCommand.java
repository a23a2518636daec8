package dev.longhaul.cli;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// Lists queues; pauses and resumes one.
@CommandLine.Command(name = "queues", description = "List the queues; pause or limit one, or let it go on.",
        subcommands = {QueuesCommand.Pause.class, QueuesCommand.Resume.class, QueuesCommand.Limit.class})
class QueuesCommand extends ServiceCommand {

    private static final String QUEUES = "/api/v1/queues";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var queues = api().get(QUEUES).path("queues").valueStream().toList();
        output.tellAll(queues, () -> {
            var table = new TextTable("QUEUE", "STATE", "PENDING", "RUNNING", "WAITING", "LIMIT", "WHY");
            for (var queue : queues) {
                var state = queue.path("paused").asBoolean(false) ? "paused" : "open";
                table.row(DisplayFormat.line(queue.path("name")), new TextTable.Cell(state, Colors.of(state)),
                        queue.path("depth").asLong(0),
                        queue.path("running").asLong(0), queue.path("waiting").asLong(0), queue.path("max_running")
                        .isNumber() ? queue.path("max_running").asString() : "-",
                        DisplayFormat.line(queue.path("reason")));
            }
            return table;
        }, "No queue has anything in it.");
        return ExitCode.DONE;
    }

    private abstract static class One extends ServiceCommand {

        @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
        private String name = "";

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
        private @Nullable String reason;

        String name() {
            return name;
        }

        String path() {
            return QUEUES + "/" + ApiClient.encoded(name);
        }

        ObjectNode body() {
            var body = ApiClient.json.createObjectNode();
            SubmitOptions.put(body, "reason", reason);
            return body;
        }

        int ask(String verb, @Nullable Duration time) {
            var body = body();
            SubmitOptions.put(body, "length", time);
            var queue = api().post(path() + ":" + verb, body);
            System.out.println(name + "  " + (queue.path("paused").asBoolean(false) ? "paused" : "open"));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "pause", description = "Nothing more is started from the queue; what runs goes on.")
    static class Pause extends One {

        @Option(names = "--for", paramLabel = "TIME", description = "Goes on by itself after so long: 30m, 2h.")
        private @Nullable Duration time;

        @Override
        public Integer call() {
            return ask("pause", time);
        }
    }

    @CommandLine.Command(name = "resume", description = "Let the queue go on.")
    static class Resume extends One {

        @Override
        public Integer call() {
            return ask("resume", null);
        }
    }

    @CommandLine.Command(name = "limit", description =
            "Let at most so many operations of the queue run at once, on all nodes together; 'none' lifts the limit.")
    static class Limit extends One {

        @Parameters(index = "1", paramLabel = "N", description = "How many, or none.")
        private String most = "";

        @Override
        public Integer call() {
            var body = body();
            if (most.equals("none")) {
                body.putNull("max_running");
            } else if (most.matches("\\d{1,9}")) {
                body.put("max_running", Integer.parseInt(most));
            } else {
                throw new CliError(ExitCode.USAGE, "expected a number or none, not " + most);
            }
            var queue = ApiClient.required(api().send("PUT", path() + "/limit", Map.of(), body));
            System.out.println(name() + "  " + (queue.path("max_running").isNumber()
                    ? "at most " + queue.path("max_running").asString() : "no limit"));
            return ExitCode.DONE;
        }
    }
}
