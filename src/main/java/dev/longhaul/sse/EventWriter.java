package dev.longhaul.sse;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Writes server-sent events. What is written arrives: every call flushes.
final class EventWriter {

    private final OutputStream out;

    EventWriter(OutputStream out) {
        this.out = out;
    }

    /// Begins a stream; its head is sent at once.
    static EventWriter open(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");   // nginx would hold events back
        response.flushBuffer();
        return new EventWriter(response.getOutputStream());
    }

    /// @param json one line
    record Event(String name, String json) {}

    /// Events that belong together go in one write.
    ///
    /// @param id null: the client keeps the id it has
    void write(@Nullable Object id, Event... events) throws IOException {
        var text = new StringBuilder();
        for (var event : events) {
            if (id != null) {
                text.append("id: ").append(id).append('\n');
            }
            text.append("event: ").append(event.name()).append("\ndata: ").append(event.json()).append("\n\n");
        }
        send(text.toString());
    }

    /// The two halves of one comment. The first write to a client that has gone succeeds, and only what comes back for
    /// it makes the next one fail; with a moment between the halves that happens within one heartbeat.
    void beginHeartbeat() throws IOException {
        send(": still");
    }

    void endHeartbeat() throws IOException {
        send(" here\n\n");
    }

    /// This node ends its streams. Its clients do not all come back in the same moment.
    void sayComeBack() throws IOException {
        send("retry: " + Duration.ofMillis(1000 + ThreadLocalRandom.current().nextLong(2000)).toMillis() + "\n\n");
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
