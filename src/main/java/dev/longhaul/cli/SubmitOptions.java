package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Options of an operation to start, now or by a schedule.
final class SubmitOptions {

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(names = {"-q", "--queue"}, paramLabel = "QUEUE", description = "The queue; default: default.")
    private @Nullable String queue;

    @Option(names = "--priority", paramLabel = "N", description = "-100 to 100, higher first.")
    private @Nullable Integer priority;

    @Option(names = "--max-attempts", paramLabel = "N", description = "The greatest number of attempts; default: 5.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--attempt-timeout", paramLabel = "TIME", description = "Longest run of one attempt.")
    private @Nullable Duration attemptTimeout;

    @Option(names = {"-t", "--tag"}, paramLabel = "TAG", description = "A tag for filters. May be repeated.")
    private @Nullable List<String> tags;

    @Option(names = {"-m", "--metadata"}, paramLabel = "K=V",
            description = "Metadata for filters: tenant=acme. May be repeated.")
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

    boolean hasMoreThanInput() {
        return queue != null || priority != null || maxAttempts != null || attemptTimeout != null || tags != null
                || metadata != null;
    }

    /// Leaves the member out if there is no value.
    static ObjectNode put(ObjectNode body, String name, @Nullable Object value) {
        return value == null ? body : body.put(name, value.toString());
    }
}
