package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Moves the start of operations, or of their next attempt.
@CommandLine.Command(name = "reschedule", description =
        "Move the start of pending operations, or of their next attempt, to another moment: --at or --in says which.")
class RescheduleCommand extends ChangeCommands {

    @Option(names = "--at", paramLabel = "MOMENT", description = "Not before: 2026-01-08T10:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--in", paramLabel = "TIME", description = "Not before so long from now: 30s, 10m, 2h.")
    private @Nullable Duration delay;

    RescheduleCommand() {
        super("reschedule", null, "status:pending", operation -> "starts " + operation.path("run_at").asString("now"));
    }

    @Override
    ObjectNode body() {
        var body = super.body();
        SubmitOptions.put(body, "run_at", at);
        SubmitOptions.put(body, "delay", delay);
        return body;
    }
}
