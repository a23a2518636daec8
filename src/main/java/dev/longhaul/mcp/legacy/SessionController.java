package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.ErrorResponses;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.store.DatabaseOutage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The streams of sessions, and their end.
@RestController
class SessionController {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final LegacyProtocol protocol;
    private final Sessions sessions;
    private final SessionStreams streams;
    private final ResumedCalls calls;
    private final SingleLineJson json;

    SessionController(LegacyProtocol protocol, Sessions sessions, SessionStreams streams, ResumedCalls calls,
            SingleLineJson json) {
        this.protocol = protocol;
        this.sessions = sessions;
        this.streams = streams;
        this.calls = calls;
        this.json = json;
    }

    /// The stream of a session, or the rest of the stream of a call; during an outage of the database one that says
    /// when to retry. 405: no session.
    @GetMapping("/mcp")
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.of(request, response, json);
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty() || !exchange.canStream()) {
                throw notAllowed(exchange, "GET needs an Mcp-Session-Id and accepts text/event-stream");
            }
            var client = protocol.client(false, null, exchange, exchange.caller());
            if (exchange.header("Last-Event-ID").isEmpty()) {
                streams.open(client, exchange);
                return;
            }
            var answer = calls.resume(exchange.header("Last-Event-ID"), client, exchange);
            if (answer != null) {
                exchange.finish(HttpStatus.OK, null, answer);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            if (DatabaseOutage.isCauseOf(failed)) {
                exchange.pause(RETRY);
            } else {
                ErrorResponses.write(null, failed, exchange);
            }
        }
    }

    /// Ends a session. 405: no session.
    @DeleteMapping("/mcp")
    void delete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.of(request, response, json).withoutStream();
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty()) {
                throw notAllowed(exchange, "DELETE ends the session of an Mcp-Session-Id");
            }
            sessions.end(sessions.get(exchange.header("Mcp-Session-Id")));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } catch (RuntimeException failed) {
            ErrorResponses.write(null, failed, exchange);
        }
    }

    private static JsonRpcError notAllowed(McpExchange exchange, String message) {
        exchange.setHeader("Allow", "POST");
        return new JsonRpcError(HttpStatus.METHOD_NOT_ALLOWED, JsonRpcError.NO_REQUEST, message);
    }
}
