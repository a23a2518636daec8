package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@CommandLine.Command(name = "reschedule",
        description = "Change the start of pending operations, or of their next attempt: --at or --in.")
class RescheduleCommand extends ChangeCommand {

    @Option(names = "--at", paramLabel = "TIME", description = "Start not before this time: 2026-01-08T10:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--in", paramLabel = "TIME", description = "Start not before this time has passed: 30s, 10m, 2h.")
    private @Nullable Duration delay;

    RescheduleCommand() {
        super("reschedule", null, "status:pending",
                operation -> "starts " + operation.path("run_at").asString("now"));
    }

    @Override
    ObjectNode body() {
        return SubmitOptions.put(SubmitOptions.put(super.body(), "run_at", at), "delay", delay);
    }
}
