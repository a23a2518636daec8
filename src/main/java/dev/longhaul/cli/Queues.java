package dev.longhaul.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Lists queues; pauses and resumes one.
@CommandLine.Command(name = "queues", description = "List the queues; pause one, or let it go on.", subcommands = {Queues.Pause.class, Queues.Resume.class})
class Queues extends Command {

    private static final String QUEUES = "/api/v1/queues";

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var queues = api().get(QUEUES).path("queues").valueStream().toList();
        output.tellAll(queues, () -> {
            var table = new Table("QUEUE", "STATE", "DEPTH", "OLDEST", "RUNNING", "LIMIT", "WHY");
            for (var queue : queues) {
                var state = queue.path("paused").asBoolean(false) ? "paused" : "open";
                table.row(Words.line(queue.path("name")), new Table.Cell(state, Paint.of(state)), queue.path("depth").asLong(0), Words.span(queue.path("oldest_age_seconds")),
                        queue.path("running").asLong(0), queue.path("max_running").isNumber() ? queue.path("max_running").asString() : "-", Words.line(queue.path("reason")));
            }
            return table;
        }, "No queue has anything in it.");
        return Exit.DONE;
    }

    private abstract static class One extends Command {

        @Parameters(paramLabel = "QUEUE", description = "The queue.")
        private String name = "";

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
        private @Nullable String reason;

        int ask(String verb, @Nullable Duration time) {
            var body = Api.json.createObjectNode();
            if (reason != null) {
                body.put("reason", reason);
            }
            if (time != null) {
                body.put("length", time.toString());
            }
            JsonNode queue = api().post(QUEUES + "/" + Api.encoded(name) + ":" + verb, body);
            System.out.println(name + "  " + (queue.path("paused").asBoolean(false) ? "paused" : "open"));
            return Exit.DONE;
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
}
