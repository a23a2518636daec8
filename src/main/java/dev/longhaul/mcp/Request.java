package dev.longhaul.mcp;

import dev.longhaul.operation.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A JSON-RPC 2.0 request, or a notification.
///
/// @param id null: a notification, which gets no answer
record Request(@Nullable JsonNode id, String method, ObjectNode params) {

    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params");
    private static final int LONGEST_ID = 128;

    static Request parse(JsonNode message) {
        if (message.isArray()) {
            throw noRequest("expected one JSON-RPC request, not an array: batches ended with MCP 2025-03-26");
        }
        if (!message.isObject()) {
            throw noRequest("expected a JSON-RPC request, which is a JSON object");
        }
        message.propertyNames().stream().filter(name -> !MEMBERS.contains(name)).findFirst().ifPresent(name -> {
            throw noRequest("a JSON-RPC request has jsonrpc, id, method and params, not " + Text.quoted(name));
        });
        if (!message.path("jsonrpc").isString() || !message.path("jsonrpc").asString().equals("2.0")) {
            throw noRequest("jsonrpc must be \"2.0\"");
        }
        if (!message.path("method").isString()) {
            throw noRequest("method must be a string such as \"tools/call\"");
        }
        return new Request(id(message), message.path("method").asString(), params(message));
    }

    /// What can be said of the id even of a message that is no request.
    static @Nullable JsonNode idOf(JsonNode message) {
        var id = message.path("id");
        return isId(id) ? id : null;
    }

    private static @Nullable JsonNode id(JsonNode message) {
        if (!message.has("id")) {
            return null;
        }
        if (!isId(message.path("id"))) {
            throw noRequest("id must be a string of at most " + LONGEST_ID + " characters or a 64-bit integer");
        }
        return message.path("id");
    }

    private static boolean isId(JsonNode id) {
        return id.isString() ? id.asString().length() <= LONGEST_ID && Text.isStorable(id.asString()) : id.isIntegralNumber() && id.canConvertToLong();
    }

    private static ObjectNode params(JsonNode message) {
        if (!message.has("params")) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (message.path("params") instanceof ObjectNode params) {
            return params;
        }
        throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, "params must be an object");
    }

    private static Refused noRequest(String message) {
        return new Refused(HttpStatus.BAD_REQUEST, Refused.NO_REQUEST, message);
    }
}
