package dev.longhaul.cli;

import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Starts an operation.
@CommandLine.Command(name = "run", description = {"Start an operation, and print its id.",
        "With --watch it is shown until it is over, with --wait its output is printed; the exit code then tells how it ended."})
class Run extends Command {

    private static final int TRIES = 4;

    @Parameters(paramLabel = "TYPE", description = "What to run: one of the service's task types.")
    private String type = "";

    @Mixin
    private Given input = new Given();

    @Option(names = {"-q", "--queue"}, paramLabel = "QUEUE", description = "The queue it waits in; default: default.")
    private @Nullable String queue;

    @Option(names = "--priority", paramLabel = "N", description = "-100 to 100, higher first.")
    private @Nullable Integer priority;

    @Option(names = "--at", paramLabel = "MOMENT", description = "Not before: 2026-01-08T10:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--in", paramLabel = "TIME", description = "Not before so long from now: 30s, 10m, 2h.")
    private @Nullable Duration delay;

    @Option(names = "--max-attempts", paramLabel = "N", description = "How many attempts may fail; default: 5.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--attempt-timeout", paramLabel = "TIME", description = "How long one attempt may run.")
    private @Nullable Duration attemptTimeout;

    @Option(names = {"-t", "--tag"}, paramLabel = "TAG", description = "To find it by. May be repeated.")
    private @Nullable List<String> tags;

    @Option(names = {"-k", "--key"}, paramLabel = "KEY", description = "Idempotency key: the same key within 24 hours gives the operation that is there already.")
    private @Nullable String key;

    @Option(names = {"-w", "--watch"}, description = "Watch it until it is over.")
    private boolean watch;

    @Option(names = "--wait", description = "Wait until it is over, and print its output.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Watch or wait no longer, exit code 5; the operation goes on.")
    private @Nullable Duration timeout;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws InterruptedException {
        if (watch && wait) {
            throw new Trouble(Exit.USAGE, "expected --watch or --wait, not both");
        }
        var operation = submit();
        var id = operation.path("operation_id").asString("");
        if (watch) {
            return new Watching(api(), Board.of(output)).untilOver(List.of(id), timeout);
        }
        if (wait) {
            return new Ending(api()).print(id, timeout, output);
        }
        output.tell(operation, () -> id + "\n");
        if (Screen.isTerminal()) {
            say("Watch it: longhaul watch " + id);
        }
        return Exit.DONE;
    }

    /// Sent again with the same key when the answer is lost, so that it runs once.
    private JsonNode submit() throws InterruptedException {
        var headers = Map.of("Idempotency-Key", key == null ? UUID.randomUUID().toString() : key);
        for (var n = 1; ; n++) {
            try {
                var answer = api().send("POST", Api.operations(), headers, body());
                if (answer.status() < 500 || n == TRIES) {
                    if (answer.headers().getOrDefault("idempotency-replayed", "").equals("true")) {
                        say("It is there already, started with the same key.");
                    }
                    return Api.required(answer);
                }
            } catch (Trouble away) {
                if (away.exit() != Exit.UNREACHABLE || away.getCause() instanceof ConnectException || n == TRIES) {
                    throw away;
                }
            }
            Thread.sleep(Duration.ofMillis(500L * n));
        }
    }

    private ObjectNode body() {
        var body = Api.json.createObjectNode().put("type", type);
        body.set("input", input.object());
        put(body, "queue", queue);
        put(body, "run_at", at);
        put(body, "delay", delay);
        put(body, "timeout", attemptTimeout);
        if (priority != null) {
            body.put("priority", priority);
        }
        if (maxAttempts != null) {
            body.put("max_attempts", maxAttempts);
        }
        if (tags != null) {
            tags.forEach(body.putArray("tags")::add);
        }
        return body;
    }

    private static void put(ObjectNode body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }
}
