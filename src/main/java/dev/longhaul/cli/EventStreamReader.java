package dev.longhaul.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads server-sent events as the WHATWG specifies them. After a lost connection it resumes behind the last event id.
final class EventStreamReader {

    /// Longer than the service's heartbeat.
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final long LONGEST_PAUSE = 5_000;

    private final ApiClient api;
    private final String path;
    private @Nullable String lastId;
    private long pause = 1_000;
    private int losses;
    private boolean wasConnected;

    EventStreamReader(ApiClient api, String path) {
        this(api, path, null);
    }

    /// @param after event id to start behind; null: start with the present
    EventStreamReader(ApiClient api, String path, @Nullable String after) {
        this.api = api;
        this.path = path;
        this.lastId = after;
    }

    /// The last event id of an operation's stream.
    long version() {
        return lastId == null ? 0 : Long.parseLong(lastId);
    }

    interface Listener {

        /// @return false: leave the stream
        boolean onEvent(String event, JsonNode data);

        /// Called once per loss; the reader reconnects.
        void onLoss(String reason);

        default void onReconnect() {
        }
    }

    /// Returns when the listener leaves, the service ends the stream, or the thread is interrupted.
    ///
    /// @throws CliError if the first connection fails, or the service refuses
    void follow(Listener listener) throws InterruptedException {
        while (true) {
            try {
                if (!read(listener)) {
                    return;
                }
            } catch (IOException lost) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!wasConnected) {
                    throw CliError.unreachable(api.service().toString(), lost);
                }
                if (losses++ == 0) {
                    listener.onLoss(lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage());
                }
            }
            Thread.sleep(Math.min(LONGEST_PAUSE, pause + ThreadLocalRandom.current().nextLong(200)));
        }
    }

    /// @return false: the stream has ended for good
    private boolean read(Listener listener) throws IOException {
        var exchange = api.open("GET", path, SILENCE);
        exchange.setRequestProperty("Accept", "text/event-stream");
        if (lastId != null) {
            exchange.setRequestProperty("Last-Event-ID", lastId);
        }
        var status = exchange.getResponseCode();
        if (status == 204) {
            return false;
        }
        if (status >= 500) {
            throw new IOException("the service answered " + status);
        }
        if (status != 200) {
            throw ApiClient.refused(new ApiClient.Answer(status, ApiClient.parsed(ApiClient.read(exchange)), Map.of()));
        }
        if (exchange.getHeaderField("Retry-After") != null) {
            throw new IOException(ApiClient.read(exchange).lines().filter(line -> line.startsWith(": ")).findFirst()
                    .orElse(": the service is unavailable").substring(2));
        }
        try (var lines = new BufferedReader(new InputStreamReader(exchange.getInputStream(), StandardCharsets.UTF_8))) {
            wasConnected = true;
            if (losses > 0) {
                losses = 0;
                listener.onReconnect();
            }
            return read(lines, listener);
        } finally {
            exchange.disconnect();
        }
    }

    private boolean read(BufferedReader lines, Listener listener) throws IOException {
        var id = lastId;
        var event = "message";
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                lastId = id;   // not before: half an event is sent again
                if (!data.isEmpty() && !listener.onEvent(event, ApiClient.json.readTree(data.toString()))) {
                    return false;
                }
                event = "message";
                data.setLength(0);
                continue;
            }
            var colon = line.indexOf(':');
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (field) {
                case "id" -> id = value;
                case "event" -> event = value;
                case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                case "retry" -> pause = value.matches("\\d{1,9}") ? Long.parseLong(value) : pause;
                default -> { }   // a comment, sent as a heartbeat
            }
        }
        return true;
    }
}
