package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.ErrorResponses;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.SessionProtocol;
import dev.longhaul.operation.Caller;
import dev.longhaul.reference.SingleLineJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// HTTP in, JSON-RPC out. Reads and writes the bytes itself: the framework would answer half of the bad inputs with
/// 500.
@RestController
class McpController {

    private final MessageHandler messages;
    private final ObjectProvider<SessionProtocol> sessions;
    private final SingleLineJson json;

    McpController(MessageHandler messages, ObjectProvider<SessionProtocol> sessions, SingleLineJson json) {
        this.messages = messages;
        this.sessions = sessions;
        this.json = json;
    }

    /// One JSON-RPC message, or a batch of MCP 2025-03-26. 200: a result, or an error in its parameters. 202: a
    /// notification or a response. 400: not JSON, not JSON-RPC, or contradicting headers. 404: unknown method, or ended
    /// session. 413, 415: too large, not JSON. 503: database unavailable.
    @PostMapping("/mcp")
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.of(request, response, json);
        var caller = exchange.caller();
        JsonNode message = null;
        try {
            message = RequestReader.read(request);
            if (message instanceof ArrayNode batch && isAnswered(batch, exchange, caller)) {
                return;
            }
            var answer = messages.answer(message, exchange, caller);
            if (answer != null) {
                exchange.finish(HttpStatus.OK, null, answer);
            }
        } catch (RuntimeException failed) {
            ErrorResponses.write(message, failed, exchange);
        }
    }

    private boolean isAnswered(ArrayNode batch, McpExchange exchange, Caller caller) {
        var protocol = sessions.getIfAvailable();
        return protocol != null && protocol.answeredBatch(batch, exchange, caller);
    }
}
