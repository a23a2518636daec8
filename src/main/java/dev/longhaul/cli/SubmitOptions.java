package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What is said of an operation that is to be started, now or by a schedule.
final class SubmitOptions {

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(names = {"-q", "--queue"}, paramLabel = "QUEUE", description = "The queue it waits in; default: default.")
    private @Nullable String queue;

    @Option(names = "--priority", paramLabel = "N", description = "-100 to 100, higher first.")
    private @Nullable Integer priority;

    @Option(names = "--max-attempts", paramLabel = "N", description = "How many attempts may fail; default: 5.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--attempt-timeout", paramLabel = "TIME", description = "How long one attempt may run.")
    private @Nullable Duration attemptTimeout;

    @Option(names = {"-t", "--tag"}, paramLabel = "TAG", description = "To find it by. May be repeated.")
    private @Nullable List<String> tags;

    @Option(names = {"-m", "--metadata"}, paramLabel = "K=V",
            description = "To find it by: tenant=acme. May be repeated.")
    private @Nullable Map<String, String> metadata;

    ObjectNode body(String type) {
        var body = ApiClient.json.createObjectNode().put("type", type);
        body.set("input", input.object());
        put(body, "queue", queue);
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
        if (metadata != null) {
            metadata.forEach(body.putObject("metadata")::put);
        }
        return body;
    }

    InputOptions input() {
        return input;
    }

    boolean saysMoreThanInput() {
        return queue != null || priority != null || maxAttempts != null || attemptTimeout != null || tags != null
                || metadata != null;
    }

    static void put(ObjectNode body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }
}
