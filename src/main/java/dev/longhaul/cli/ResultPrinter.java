package dev.longhaul.cli;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How an operation ends: its output to stdout, or why there is none to stderr.
final class ResultPrinter {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ApiClient api;

    ResultPrinter(ApiClient api) {
        this.api = api;
    }

    /// Waits for the end.
    ///
    /// @param patience null: as long as it takes
    int print(String id, @Nullable Duration patience, OutputOptions output) throws InterruptedException {
        var until = patience == null ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
        var wait = Duration.ZERO;
        var losses = 0;
        while (true) {
            try {
                var operation = look(id, wait);
                losses = 0;
                if (operation.hasNonNull("finished_at")) {
                    return print(operation, output);
                }
            } catch (CliError away) {
                if (away.exit() != ExitCode.UNREACHABLE || wait.isZero()) {
                    throw away;
                }
                if (losses++ == 0) {
                    ServiceCommand.say(away.getMessage() + "; trying again, the operation goes on");
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
            var left = until == Long.MAX_VALUE ? LONGEST_WAIT : Duration.ofNanos(until - System.nanoTime());
            if (!left.isPositive()) {
                throw new CliError(ExitCode.TOO_LONG, "not over within " + DisplayFormat.span(patience)
                        + "; wait again: longhaul result --wait " + id);
            }
            wait = left.compareTo(LONGEST_WAIT) < 0 ? left.plusMillis(1) : LONGEST_WAIT;
        }
    }

    private JsonNode look(String id, Duration wait) {
        var path = ApiClient.path(ApiClient.operation(id), Map.of("wait", wait.isZero()
                ? "" : Math.max(1, wait.toSeconds()) + "s"));
        return ApiClient.required(api.send("GET", path, Map.of(), null, wait.plusSeconds(30)));
    }

    /// @param operation one that is over
    static int print(JsonNode operation, OutputOptions output) {
        var status = operation.path("status").asString("");
        if (status.equals("completed")) {
            output.tell(operation.path("output"), () -> OutputOptions.pretty(operation.path("output")) + "\n");
        } else {
            ServiceCommand.say(status.equals("failed") ? "failed: " + DisplayFormat.line(operation.path("error"))
                    : status);
        }
        return ExitCode.of(status);
    }
}
