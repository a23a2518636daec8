package dev.longhaul.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An operation that a program waits for. With its id, any program can [LonghaulClient#find] it again. Not thread-safe.
public final class RunningOperation {

    private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");

    private final LonghaulClient client;
    private final String id;
    private Consumer<Progress> listener = _ -> { };
    private @Nullable String lastEventId;

    RunningOperation(LonghaulClient client, String id) {
        this.client = client;
        this.id = id;
    }

    /// @param percent 0 to 100
    /// @param status  `pending`, `running`, `waiting`, `completed`, `failed` or `cancelled`
    public record Progress(double percent, @Nullable String message, String status) {}

    public String id() {
        return id;
    }

    /// @param listener called during [#join], on its thread, with each change
    public RunningOperation onProgress(Consumer<Progress> listener) {
        this.listener = listener;
        return this;
    }

    /// Waits for the end, without a limit.
    ///
    /// @return the output; null: none
    /// @throws OperationFailed if it failed or was cancelled
    /// @throws IOException     if the service was unavailable for longer than the client's retry timeout
    public <T> @Nullable T join(Class<T> result) throws IOException, InterruptedException {
        var ended = end();
        var status = ended.path("status").asString();
        if (!status.equals("completed")) {
            throw new OperationFailed(status, ended.path("error").asString("operation " + id + " was " + status));
        }
        var output = ended.path("output");
        return output.isMissingNode() || output.isNull() ? null : client.json().treeToValue(output, result);
    }

    private JsonNode end() throws IOException, InterruptedException {
        for (var pause = LonghaulClient.FIRST_PAUSE; ; pause = LonghaulClient.longer(pause)) {
            // retries an unavailable service, and finds the end where a proxy blocks streams
            var now = client.get(id);
            if (ENDS.contains(now.path("status").asString())) {
                notifyListener(now);
                return now;
            }
            var before = lastEventId;
            try {
                var ended = follow();
                if (ended != null) {
                    return ended;
                }
            } catch (IOException cut) {
                if (Thread.interrupted() || cut.getCause() instanceof InterruptedException) {
                    throw new InterruptedException();
                }
            }
            if (lastEventId != null && !lastEventId.equals(before)) {
                pause = LonghaulClient.FIRST_PAUSE;
            }
            Thread.sleep(pause);
        }
    }

    /// @return null: the stream ended before the operation did
    private @Nullable JsonNode follow() throws IOException, InterruptedException {
        var answer = client.stream(id, lastEventId);
        try (var in = answer.body()) {
            if (answer.statusCode() == 400) {
                lastEventId = null;   // e.g. the database was restored from a backup
            }
            if (answer.statusCode() != 200) {
                return null;
            }
            return follow(in);
        }
    }

    private @Nullable JsonNode follow(InputStream in) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var name = "";
        for (var line = next(lines, in); line != null; line = next(lines, in)) {
            if (line.startsWith("id: ")) {
                lastEventId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                var data = client.json().readTree(line.substring(6));
                var operation = data.path("operation").isObject() ? data.path("operation") : data;
                if (name.equals("done")) {
                    notifyListener(operation);
                    return operation;
                }
                notifyListener(operation);   // also of a past failure that was retried
            }
        }
        return null;
    }

    /// Closes a silent stream: a read of a lost connection would block for ever.
    private @Nullable String next(BufferedReader lines, InputStream in) throws IOException {
        var received = new CompletableFuture<Void>().orTimeout(client.silence().toMillis(), TimeUnit.MILLISECONDS);
        received.exceptionally(_ -> {
            try {
                in.close();
                return null;
            } catch (IOException unclosable) {
                throw new UncheckedIOException(unclosable);
            }
        });
        try {
            return lines.readLine();
        } finally {
            received.complete(null);
        }
    }

    private void notifyListener(JsonNode operation) {
        listener.accept(new Progress(operation.path("progress").asDouble(0), operation.path("message").asString(null),
                operation.path("status").asString()));
    }
}
