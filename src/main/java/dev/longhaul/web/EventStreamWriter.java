package dev.longhaul.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Writes server-sent events. Every call flushes.
public final class EventStreamWriter {

    private final OutputStream out;

    private EventStreamWriter(OutputStream out) {
        this.out = out;
    }

    /// Sends the response headers at once.
    public static EventStreamWriter open(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");   // nginx would buffer events
        response.flushBuffer();
        return new EventStreamWriter(response.getOutputStream());
    }

    /// @param id   null: that of the write
    /// @param data one line
    public record Event(@Nullable Object id, String name, String data) {

        public Event(String name, String data) {
            this(null, name, data);
        }
    }

    /// Writes events that belong together in one write.
    ///
    /// @param id of each event that has none; null: the client keeps its last id
    public void write(@Nullable Object id, Event... events) throws IOException {
        var text = new StringBuilder();
        for (var event : events) {
            var own = event.id() == null ? id : event.id();
            if (own != null) {
                text.append("id: ").append(own).append('\n');
            }
            text.append("event: ").append(event.name()).append("\ndata: ").append(event.data()).append("\n\n");
        }
        send(text.toString());
    }

    /// An event without data, from whose id a client resumes after a lost connection.
    public void writeId(String id, Duration retry) throws IOException {
        send("id: " + id + "\nretry: " + retry.toMillis() + "\ndata:\n\n");
    }

    public void writeHeartbeat() throws IOException {
        send(": heartbeat\n\n");
    }

    /// The two halves of a heartbeat. The first write to a disconnected client succeeds; the reply to it makes the next
    /// write fail. With a pause between the halves one heartbeat is enough.
    public void beginHeartbeat() throws IOException {
        send(": heart");
    }

    public void endHeartbeat() throws IOException {
        send("beat\n\n");
    }

    public void writeRetry(Duration retry) throws IOException {
        send("retry: " + retry.toMillis() + "\n\n");
    }

    /// Between 1 and 3 seconds: the clients of a node that stops reconnect spread over time.
    public void writeRandomRetry() throws IOException {
        writeRetry(randomRetry());
    }

    static Duration randomRetry() {
        return Duration.ofMillis(1000 + ThreadLocalRandom.current().nextLong(2000));
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
