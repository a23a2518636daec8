package dev.longhaul.cli;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Submits once: after a lost response, the request is repeated with the same idempotency key.
final class IdempotentSubmit {

    private static final int TRIES = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private IdempotentSubmit() {
    }

    /// @param key null: a random one
    static JsonNode send(ApiClient api, String path, @Nullable String key, ApiClient.Content body)
            throws InterruptedException {
        var headers = Map.of("Idempotency-Key", key == null ? UUID.randomUUID().toString() : key);
        for (var n = 1; ; n++) {
            try {
                var answer = api.exchange("POST", path, headers, body, TIMEOUT);
                if (answer.status() < 500 || n == TRIES) {
                    if (answer.headers().getOrDefault("idempotency-replayed", "").equals("true")) {
                        ServiceCommand.say("It exists already, with the same idempotency key.");
                    }
                    return ApiClient.required(answer);
                }
            } catch (CliError away) {
                if (away.exit() != ExitCode.UNREACHABLE || away.getCause() instanceof ConnectException || n == TRIES) {
                    throw away;
                }
            }
            Thread.sleep(Duration.ofMillis(500L * n));
        }
    }
}
