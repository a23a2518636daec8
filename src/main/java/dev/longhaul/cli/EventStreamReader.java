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

/// Reads server-sent events as the WHATWG describes them, and comes back with the last id whenever the connection is
/// lost: the service then tells what was missed.
final class EventStreamReader {

    /// Longer than the service's heartbeat; a connection that is silent for so long is dead.
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final long LONGEST_PAUSE = 5_000;

    private final ApiClient api;
    private final String path;
    private @Nullable String lastId;
    private long pause = 1_000;
    private int losses;
    private boolean connected;   // at some time

    EventStreamReader(ApiClient api, String path) {
        this(api, path, null);
    }

    /// @param after the id after which it begins; null: with the present
    EventStreamReader(ApiClient api, String path, @Nullable String after) {
        this.api = api;
        this.path = path;
        this.lastId = after;
    }

    /// The last id as a number, as an operation's own stream has it.
    long place() {
        return lastId == null ? 0 : Long.parseLong(lastId);
    }

    /// Hears one stream.
    interface Ear {

        /// @return false: enough
        boolean hear(String event, JsonNode data);

        /// The connection was lost, and is tried again. Once per loss.
        void lost(String why);

        /// It is back.
        default void back() {
        }
    }

    /// Until the ear has enough, the service says that there is no more, or the thread is interrupted.
    ///
    /// @throws Trouble if the service cannot be reached at the first try, or refuses
    void follow(Ear ear) throws InterruptedException {
        while (true) {
            try {
                if (!read(ear)) {
                    return;
                }
            } catch (IOException away) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!connected) {
                    throw CliError.unreachable(api.service().toString(), away);
                }
                if (losses++ == 0) {
                    ear.lost(away.getMessage() == null ? away.getClass().getSimpleName() : away.getMessage());
                }
            }
            Thread.sleep(Math.min(LONGEST_PAUSE, pause + ThreadLocalRandom.current().nextLong(200)));
        }
    }

    /// @return false: there is no more to hear
    private boolean read(Ear ear) throws IOException {
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
        try (var lines = new BufferedReader(new InputStreamReader(exchange.getInputStream(), StandardCharsets.UTF_8))) {
            connected = true;
            if (losses > 0) {
                losses = 0;
                ear.back();
            }
            return read(lines, ear);
        } finally {
            exchange.disconnect();
        }
    }

    private boolean read(BufferedReader lines, Ear ear) throws IOException {
        var id = lastId;
        var event = "message";
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                lastId = id;   // not before: who has half of it does not have it
                if (!data.isEmpty() && !ear.hear(event, ApiClient.json.readTree(data.toString()))) {
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
                default -> { }   // a comment: the service is still there
            }
        }
        return true;
    }
}
