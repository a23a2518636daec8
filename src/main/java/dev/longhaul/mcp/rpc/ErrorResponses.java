package dev.longhaul.mcp.rpc;

import dev.longhaul.store.DatabaseOutage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Exceptions as JSON-RPC error responses.
public final class ErrorResponses {

    private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);

    private ErrorResponses() {
    }

    /// @param message the client's; null: it could not be read
    public static void write(@Nullable JsonNode message, RuntimeException failed, McpExchange exchange) {
        switch (failed) {
            case ClientDisconnected disconnected -> log.debug("client disconnected: {}", disconnected.getMessage());
            case JsonRpcError refused -> exchange.finish(refused.status(), null, error(message, exchange, refused));
            case RuntimeException outage when DatabaseOutage.isCauseOf(outage) ->
                    unavailable(message, outage, exchange);
            default -> {
                log.error("internal server error", failed);
                write(message, new JsonRpcError(HttpStatus.INTERNAL_SERVER_ERROR, JsonRpcError.INTERNAL,
                        "Internal server error; the service's log has details"), exchange);
            }
        }
    }

    private static void unavailable(@Nullable JsonNode message, RuntimeException unavailable, McpExchange exchange) {
        log.warn("responded 503: {}", unavailable.getMessage());
        exchange.setHeader("Retry-After", "1");
        write(message, new JsonRpcError(HttpStatus.SERVICE_UNAVAILABLE, JsonRpcError.INTERNAL,
                "Database unavailable; retry later"), exchange);
    }

    /// Without a readable id, JSON-RPC 2.0 requires null, and MCP since 2025-11-25 no id.
    public static ObjectNode error(@Nullable JsonNode message, McpExchange exchange, JsonRpcError refused) {
        var id = message == null ? null : JsonRpcMessage.idOf(message);
        var response = response(id == null ? JsonNodeFactory.instance.nullNode() : id);
        if (id == null && ProtocolRevision.find(exchange.header("MCP-Protocol-Version"))
                .filter(named -> named.isAtLeast(ProtocolRevision.V2025_11_25)).isPresent()) {
            response.remove("id");
        }
        var error = response.putObject("error").put("code", refused.code())
                .put("message", String.valueOf(refused.getMessage()));
        if (refused.data() != null) {
            error.set("data", refused.data());
        }
        return response;
    }

    /// A response to which a result or an error is to be added.
    public static ObjectNode response(JsonNode id) {
        return (ObjectNode) JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").set("id", id);
    }
}
