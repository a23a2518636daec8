package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.Caller;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.EventStreams;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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

/// One HTTP exchange: a JSON response, or an event stream as soon as a message precedes the response.
public final class McpExchange {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final SingleLineJson json;
    private final boolean takesEvents;
    private final boolean prefersEvents;
    private @Nullable EventStreamWriter stream;
    private @Nullable String firstId;
    private Duration firstRetry = Duration.ZERO;
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

    /// For one message of a batch: only its response is sent.
    public McpExchange withoutStream() {
        return new McpExchange(request, response, json, false);
    }

    public String header(String name) {
        var value = request.getHeader(name);
        return value == null ? "" : value.strip();
    }

    public void setHeader(String name, String value) {
        response.setHeader(name, value);
    }

    public Caller caller() {
        return new Caller("client " + request.getRemoteAddr(), "mcp");
    }

    /// The address of this service in the request, e.g. `http://localhost:8081`.
    public String origin() {
        return ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
    }

    /// Whether messages can precede the response.
    public boolean canStream() {
        return takesEvents;
    }

    /// Opens the event stream if it is not open.
    public synchronized void open() {
        try {
            if (stream == null) {
                stream = EventStreamWriter.open(response);
                if (firstId != null) {
                    stream.writeId(firstId, firstRetry);
                }
            }
        } catch (IOException gone) {
            throw new ClientDisconnected(gone);
        }
    }

    /// The first event of the stream gets only this id, from which the client resumes after a lost connection.
    public synchronized void prime(String eventId, Duration retry) {
        firstId = eventId;
        firstRetry = retry;
    }

    /// Sends a notification or a request, unless the client accepts no events.
    public void send(ObjectNode message) {
        send(null, message);
    }

    /// @param eventId null: none
    public synchronized void send(@Nullable String eventId, ObjectNode message) {
        if (takesEvents && !isOver) {
            open();
            write(eventId, message);
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

    /// Keeps the connection open and detects a disconnected client.
    public synchronized void beat() {
        if (takesEvents && !isOver) {
            open();
            attempt(EventStreamWriter::writeHeartbeat);
        }
    }

    /// Whether a write has found the client disconnected.
    public boolean isGone() {
        return isGone;
    }

    /// @param cancel runs once when a write finds the client disconnected; null: nothing
    public synchronized void onGone(@Nullable Runnable cancel) {
        onGone = cancel;
    }

    /// Sends the response and ends the exchange.
    ///
    /// @param eventId null: none
    public synchronized void finish(HttpStatus status, @Nullable String eventId, JsonNode answer) {
        isOver = true;
        if (stream != null || status == HttpStatus.OK && prefersEvents) {
            open();
            write(eventId, answer);
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

    /// Ends the connection but not the stream: the client reconnects for the rest.
    public synchronized void pause(Duration retry) {
        open();
        attempt(events -> events.writeRetry(retry));
        isOver = true;
    }

    /// Responds 202.
    public void accept() {
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
    }

    /// Continues on a virtual thread and releases the request's thread.
    public void detach(String name, Runnable body) {
        open();
        EventStreams.detach(name, request, stream, _ -> {
            try {
                body.run();
            } catch (ClientDisconnected disconnected) {
                throw new IOException(disconnected);
            }
        });
    }

    private void write(@Nullable String eventId, JsonNode message) {
        attempt(events -> events.write(eventId, new EventStreamWriter.Event("message", json.of(message))));
    }

    private interface Write {

        void to(EventStreamWriter events) throws IOException;
    }

    private void attempt(Write write) {
        try {
            write.to(stream);
        } catch (IOException disconnected) {
            isOver = true;
            isGone = true;
            if (onGone != null) {
                onGone.run();
            }
            throw new ClientDisconnected(disconnected);
        }
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        try {
            return MediaType.parseMediaTypes(request.getHeader("Accept"));
        } catch (InvalidMediaTypeException unreadable) {
            return List.of();
        }
    }

    /// Most clients accept both and get JSON unless they prefer events. A wildcard does not ask for events.
    private static double quality(List<MediaType> accepted, MediaType type) {
        return accepted.stream().filter(range -> range.includes(type)
                && (!range.isWildcardType() || type.equals(MediaType.APPLICATION_JSON)))
                .mapToDouble(MediaType::getQualityValue).max().orElse(0);
    }
}
