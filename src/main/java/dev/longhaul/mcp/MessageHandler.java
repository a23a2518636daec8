package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ErrorResponses;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.SessionProtocol;
import dev.longhaul.operation.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers one JSON-RPC message.
@Component
public class MessageHandler {

    private final MethodRouter methods;
    private final ClientResolver clients;
    private final ObjectProvider<SessionProtocol> sessions;

    MessageHandler(MethodRouter methods, ClientResolver clients, ObjectProvider<SessionProtocol> sessions) {
        this.methods = methods;
        this.clients = clients;
        this.sessions = sessions;
    }

    /// @return null: no response, or one on the exchange's stream
    public @Nullable ObjectNode answer(JsonNode message, McpExchange exchange, Caller caller) {
        switch (JsonRpcMessage.parse(message)) {
            case JsonRpcMessage.Request request when request.id() != null -> {
                return answer(request, exchange, caller);
            }
            case JsonRpcMessage.Request notification -> {
                var client = clients.of(exchange, caller);
                sessions.ifAvailable(protocol -> protocol.notified(notification, client));
            }
            case JsonRpcMessage.Response response -> responded(response, clients.of(exchange, caller));
        }
        exchange.accept();
        return null;
    }

    private @Nullable ObjectNode answer(JsonRpcMessage.Request request, McpExchange exchange, Caller caller) {
        try {
            var client = clients.of(request, exchange, caller);
            var result = methods.call(request, client, exchange);
            return result == null ? null : (ObjectNode) ErrorResponses.response(request.id()).set("result", result);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JsonRpcError(HttpStatus.SERVICE_UNAVAILABLE, JsonRpcError.INTERNAL,
                    "this node is stopping; retry");
        }
    }

    private void responded(JsonRpcMessage.Response response, ClientProfile client) {
        var protocol = sessions.getIfAvailable();
        if (client.isModern() || protocol == null) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST, "MCP "
                    + ProtocolRevision.V2026_07_28.word() + " has no responses of clients");
        }
        protocol.responded(response, client);
    }
}
