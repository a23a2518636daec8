package dev.longhaul.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Lists who runs operations; lets one run empty.
@CommandLine.Command(name = "workers",
        description = "List who runs operations: nodes and remote workers; let one run empty.",
        subcommands = {WorkersCommand.Drain.class, WorkersCommand.Resume.class})
class WorkersCommand extends ServiceCommand {

    private static final String WORKERS = "/api/v1/workers";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var workers = api().get(WORKERS).path("workers").valueStream().toList();
        output.tellAll(workers, () -> {
            var table = new TextTable("WORKER", "NAME", "KIND", "STATUS", "RUNNING", "LAST BEAT", "UP", "WHY");
            for (var worker : workers) {
                var status = status(worker);
                table.row(worker.path("worker_id").asString(""), DisplayFormat.line(worker.path("name")),
                        worker.path("kind").asString(""), new TextTable.Cell(status, Colors.of(status)),
                        worker.path("running")
                        .asLong(0), DisplayFormat.ago(worker.path("beat_at"), OutputOptions.now()),
                        DisplayFormat.ago(worker.path("started_at"), OutputOptions.now()),
                        DisplayFormat.line(worker.path("drain_reason")));
            }
            return table;
        }, "No worker is alive: operations are accepted, and none runs.");
        return ExitCode.DONE;
    }

    private static String status(JsonNode worker) {
        return worker.hasNonNull("draining_since") ? "draining" : worker.path("status").asString("");
    }

    private abstract static class One extends ServiceCommand {

        @Parameters(paramLabel = "WORKER", description = "Its id, as 'workers' shows it.")
        private String id = "";

        String path() {
            return WORKERS + "/" + ApiClient.encoded(id);
        }

        int tell(JsonNode worker) {
            System.out.println(id + "  " + status(worker) + ", runs " + worker.path("running").asLong(0));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "drain",
            description = "Let a worker end what it runs and claim nothing more, until it is resumed or starts anew.")
    static class Drain extends One {

        private static final Duration PACE = Duration.ofSeconds(1);

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for those who look at it.")
        private @Nullable String reason;

        @Option(names = "--wait", description = "Until it runs nothing more.")
        private boolean wait;

        @Option(names = "--timeout", paramLabel = "TIME",
                description = "Wait no longer, exit code 5; it goes on running empty.")
        private @Nullable Duration timeout;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = ApiClient.json.createObjectNode();
            SubmitOptions.put(body, "reason", reason);
            var worker = api().post(path() + ":drain", body);
            var until = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
            while (wait && worker.path("running").asLong(0) > 0) {
                if (timeout != null && System.nanoTime() > until) {
                    throw new CliError(ExitCode.TOO_LONG, "not empty within " + DisplayFormat.span(timeout)
                            + ": it still runs " + worker.path("running").asLong(0));
                }
                Thread.sleep(PACE);
                worker = api().get(path());
            }
            return tell(worker);
        }
    }

    @CommandLine.Command(name = "resume", description = "Let a worker claim again that was to run empty.")
    static class Resume extends One {

        @Override
        public Integer call() {
            return tell(api().post(path() + ":resume", null));
        }
    }
}
