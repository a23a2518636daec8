package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One JSON-RPC 2.0 message that a client sends.
public sealed interface JsonRpcMessage {

    /// @param id null: a notification, which gets no response
    record Request(@Nullable JsonNode id, String method, ObjectNode params) implements JsonRpcMessage {

        /// Metadata of the client and of this request.
        public ObjectNode meta() {
            return params.path("_meta") instanceof ObjectNode meta ? meta : JsonNodeFactory.instance.objectNode();
        }
    }

    /// The response to a request of this service.
    ///
    /// @param result null: an error
    record Response(String id, @Nullable JsonNode result) implements JsonRpcMessage {}

    static JsonRpcMessage parse(JsonNode message) {
        if (message.isArray()) {
            throw noRequest("expected one JSON-RPC message, not an array: batches are for clients of MCP 2025-03-26");
        }
        if (!message.isObject()) {
            throw noRequest("expected a JSON-RPC message, which is a JSON object");
        }
        var isResponse = message.has("result") || message.has("error");
        var members = isResponse ? Set.of("jsonrpc", "id", "result", "error") : Set.of("jsonrpc", "id", "method",
                "params");
        message.propertyNames().stream().filter(name -> !members.contains(name)).findFirst().ifPresent(name -> {
            throw noRequest("a JSON-RPC request has jsonrpc, id, method and params, not " + Text.quoted(name));
        });
        if (!message.path("jsonrpc").isString() || !message.path("jsonrpc").asString().equals("2.0")) {
            throw noRequest("jsonrpc must be \"2.0\"");
        }
        if (isResponse) {
            if (!message.path("id").isString() || message.path("id").asString().length() > 1_000) {
                throw noRequest("id of a response must be that of a request of this service");
            }
            return new Response(message.path("id").asString(), message.has("error") ? null : message.get("result"));
        }
        if (!message.path("method").isString()) {
            throw noRequest("method must be a string such as \"tools/call\"");
        }
        return new Request(message.has("id") ? id(message) : null, message.path("method").asString(), params(message));
    }

    /// The id of any message; null: not readable.
    static @Nullable JsonNode idOf(JsonNode message) {
        var id = message.path("id");
        return isId(id) ? id : null;
    }

    private static JsonNode id(JsonNode message) {
        if (!isId(message.path("id"))) {
            throw noRequest("id must be a string of at most 128 characters or a 64-bit integer");
        }
        return message.path("id");
    }

    private static boolean isId(JsonNode id) {
        return id.isString() ? id.asString().length() <= 128 && Text.isStorable(id.asString()) : id.isIntegralNumber()
                && id.canConvertToLong();
    }

    private static ObjectNode params(JsonNode message) {
        if (!message.has("params")) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (message.path("params") instanceof ObjectNode params) {
            return params;
        }
        throw JsonRpcError.params("params must be an object");
    }

    private static JsonRpcError noRequest(String message) {
        return new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST, message);
    }
}
