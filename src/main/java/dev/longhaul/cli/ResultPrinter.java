package dev.longhaul.cli;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Prints the end of an operation: its output to stdout, or the error to stderr.
final class ResultPrinter {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ApiClient api;

    ResultPrinter(ApiClient api) {
        this.api = api;
    }

    /// @param timeout null: none
    int await(String id, @Nullable Duration timeout, OutputOptions output) throws InterruptedException {
        var until = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        var wait = Duration.ZERO;
        var losses = 0;
        while (true) {
            try {
                var operation = get(id, wait);
                losses = 0;
                if (operation.hasNonNull("finished_at")) {
                    return print(operation, output);
                }
            } catch (CliError away) {
                if (away.exit() != ExitCode.UNREACHABLE || wait.isZero()) {
                    throw away;
                }
                if (losses++ == 0) {
                    ServiceCommand.say(away.getMessage() + "; retrying, the operation continues");
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
            var left = until == Long.MAX_VALUE ? LONGEST_WAIT : Duration.ofNanos(until - System.nanoTime());
            if (!left.isPositive()) {
                throw new CliError(ExitCode.TOO_LONG, "it has not ended within " + DisplayFormat.span(timeout)
                        + "; wait again: longhaul result --wait " + id);
            }
            wait = left.compareTo(LONGEST_WAIT) < 0 ? left.plusMillis(1) : LONGEST_WAIT;
        }
    }

    private JsonNode get(String id, Duration wait) {
        var path = ApiClient.path(ApiClient.operation(id), Map.of("wait", wait.isZero()
                ? "" : Math.max(1, wait.toSeconds()) + "s"));
        return ApiClient.required(api.send("GET", path, Map.of(), null, wait.plusSeconds(30)));
    }

    /// @param operation that has ended
    static int print(JsonNode operation, OutputOptions output) {
        var status = operation.path("status").asString("");
        if (status.equals("completed")) {
            output.print(operation.path("output"), () -> OutputOptions.pretty(operation.path("output")) + "\n");
        } else {
            ServiceCommand.say(status.equals("failed") ? "failed: " + DisplayFormat.line(operation.path("error"))
                    : status);
        }
        return ExitCode.of(status);
    }
}
