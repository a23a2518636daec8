package dev.longhaul.mcp.rpc;

import dev.longhaul.reference.SingleLineJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One POST and what is said in return: a JSON answer, or an event stream from the moment there is something to say
/// before the answer.
public final class McpExchange {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final SingleLineJson json;
    private final boolean takesEvents;
    private final boolean prefersEvents;
    private @Nullable OutputStream stream;
    private String beginning = "";
    private boolean isOver;
    private volatile boolean isGone;
    private @Nullable Runnable onGone;

    private McpExchange(HttpServletRequest request, HttpServletResponse response, SingleLineJson json,
            boolean takesEvents) {
        this.request = request;
        this.response = response;
        this.json = json;
        var accepted = accepted(request);
        var events = quality(accepted, MediaType.TEXT_EVENT_STREAM);
        this.takesEvents = takesEvents && events > 0;
        this.prefersEvents = takesEvents && events > quality(accepted, MediaType.APPLICATION_JSON);
    }

    public static McpExchange of(HttpServletRequest request, HttpServletResponse response, SingleLineJson json) {
        return new McpExchange(request, response, json, true);
    }

    /// One message of a batch: only its answer counts.
    public static McpExchange withoutStream(HttpServletRequest request, HttpServletResponse response,
            SingleLineJson json) {
        return new McpExchange(request, response, json, false);
    }

    public String header(String name) {
        var value = request.getHeader(name);
        return value == null ? "" : value.strip();
    }

    /// How the client called this service, e.g. `http://localhost:8081`.
    public String origin() {
        return ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
    }

    /// Whether something can be said before the answer.
    public boolean canStream() {
        return takesEvents;
    }

    /// Begins the event stream, if it has not begun.
    public synchronized void open() {
        try {
            if (stream == null) {
                response.setContentType("text/event-stream;charset=utf-8");
                response.setHeader("Cache-Control", "no-store");
                response.setHeader("X-Accel-Buffering", "no");   // nginx would hold events back
                response.flushBuffer();
                stream = response.getOutputStream();
                write(beginning);
            }
        } catch (IOException gone) {
            throw new ClientDisconnected(gone);
        }
    }

    /// Has the stream, when it begins, begin with an event that only has an id, from which the client may go on when
    /// the connection is lost.
    public synchronized void prime(String eventId, Duration retry) {
        beginning = "id: " + eventId + "\nretry: " + retry.toMillis() + "\ndata:\n\n";
    }

    /// A notification, or a request of ours. Not told to a client that takes no events.
    public void send(ObjectNode message) {
        send(null, message);
    }

    /// @param eventId null: none
    public synchronized void send(@Nullable String eventId, ObjectNode message) {
        if (takesEvents && !isOver) {
            open();
            write(event(eventId, message));
        }
    }

    public void notify(String method, ObjectNode params) {
        send(notification(method, params));
    }

    public static ObjectNode notification(String method, ObjectNode params) {
        var message = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return message;
    }

    /// Keeps the connection open, and finds out whether there is still somebody.
    public synchronized void beat() {
        if (takesEvents && !isOver) {
            open();
            write(": still here\n\n");
        }
    }

    /// Whether the client has closed its stream, as far as has been noticed.
    public boolean isGone() {
        return isGone;
    }

    /// @param cancel runs once when the client has closed its stream; null: nothing any more
    public synchronized void onGone(@Nullable Runnable cancel) {
        onGone = cancel;
    }

    /// The end.
    ///
    /// @param eventId null: none
    public synchronized void finish(HttpStatus status, @Nullable String eventId, JsonNode answer) {
        isOver = true;
        if (stream != null || status == HttpStatus.OK && prefersEvents) {
            open();
            write(event(eventId, answer));
            return;
        }
        try {
            response.setStatus(status.value());
            response.setHeader("Cache-Control", "no-store");
            response.setContentType("application/json");
            response.getOutputStream().write(json.of(answer).getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new ClientDisconnected(gone);
        }
    }

    /// The connection ends, the stream does not: the client comes back for the rest.
    public synchronized void pause(Duration retry) {
        open();
        write("retry: " + retry.toMillis() + "\n\n");
        isOver = true;
    }

    /// Goes on without the request's thread: what a long stream needs is a sixth of what the web server's stack keeps.
    public void detach(String name, Runnable body) {
        open();
        var exchange = request.startAsync();
        exchange.setTimeout(0);
        Thread.ofVirtual().name(name).start(() -> {
            try {
                body.run();
            } catch (ClientDisconnected gone) {
                // it was a stream to nobody
            } finally {
                exchange.complete();
            }
        });
    }

    private String event(@Nullable String eventId, JsonNode message) {
        return (eventId == null ? "" : "id: " + eventId + "\n") + "event: message\ndata: " + json.of(message) + "\n\n";
    }

    private void write(String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException gone) {
            isOver = true;
            isGone = true;
            if (onGone != null) {
                onGone.run();
            }
            throw new ClientDisconnected(gone);
        }
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        try {
            return MediaType.parseMediaTypes(request.getHeader("Accept"));
        } catch (InvalidMediaTypeException unreadable) {
            return List.of();
        }
    }

    /// Most clients take both; JSON is simpler unless they prefer the other. A wildcard is no wish for events.
    private static double quality(List<MediaType> accepted, MediaType type) {
        return accepted.stream().filter(range -> range.includes(type)
                && (!range.isWildcardType() || type.equals(MediaType.APPLICATION_JSON)))
                .mapToDouble(MediaType::getQualityValue).max().orElse(0);
    }
}
