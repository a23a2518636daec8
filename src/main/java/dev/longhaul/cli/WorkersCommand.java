package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "workers",
        description = "List the workers: nodes and remote workers. Subcommands drain and resume one.",
        subcommands = {WorkersCommand.DrainCommand.class, WorkersCommand.ResumeCommand.class})
class WorkersCommand extends ListCommand {

    private static final String WORKERS = "/api/v1/workers";
    private static final List<Column> COLUMNS = List.of(Column.text("WORKER", "worker_id"),
            Column.text("NAME", "name"), Column.text("KIND", "kind"),
            Column.status("STATUS", WorkersCommand::status), Column.number("RUNNING", "running"),
            Column.ago("LAST HEARTBEAT", "beat_at"), Column.ago("UP", "started_at"),
            Column.text("REASON", "drain_reason"));

    WorkersCommand() {
        super(WORKERS, "workers", COLUMNS, "No worker is alive: operations are accepted, but none runs.");
    }

    private static String status(JsonNode worker) {
        return worker.hasNonNull("draining_since") ? "draining" : DisplayFormat.text(worker, "status");
    }

    @Override
    String line(JsonNode worker) {
        return status(worker) + ", " + worker.path("running").asLong(0) + " running";
    }

    @CommandLine.Command(name = "drain",
            description = "Drain a worker: it finishes what it runs and claims nothing more until it is resumed or "
            + "restarted.")
    static class DrainCommand extends ItemCommand.ReasonedActionCommand {

        private static final Duration POLL = Duration.ofSeconds(1);

        @Option(names = "--wait", description = "Wait until it runs nothing more.")
        private boolean wait;

        @Option(names = "--timeout", paramLabel = "TIME",
                description = "Stop waiting after this time, with exit code 5. The worker keeps draining.")
        private @Nullable Duration timeout;

        @Override
        public Integer call() throws InterruptedException {
            var worker = post();
            var until = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
            while (wait && worker.path("running").asLong(0) > 0) {
                if (timeout != null && System.nanoTime() > until) {
                    throw new CliError(ExitCode.TOO_LONG, "not drained within " + DisplayFormat.span(timeout) + ": "
                            + worker.path("running").asLong(0) + " still running");
                }
                Thread.sleep(POLL);
                worker = api().get(path());
            }
            return printLine(worker);
        }
    }

    @CommandLine.Command(name = "resume", description = "Let a drained worker claim operations again.")
    static class ResumeCommand extends ItemCommand.ActionCommand {
    }
}
