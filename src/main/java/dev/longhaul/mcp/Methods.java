package dev.longhaul.mcp;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.IdempotencyConflict;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.task.UnknownType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The methods of the protocol.
@Component
class Methods {

    /// With a handshake, newest first.
    static final List<String> REVISIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private final Map<String, Tool<?>> tools;
    private final JsonMapper json;

    Methods(List<Tool<?>> tools, JsonMapper json) {
        this.tools = tools.stream().collect(Collectors.toMap(Tool::name, tool -> tool, (one, _) -> one, LinkedHashMap::new));
        this.json = json;
    }

    int toolCount() {
        return tools.size();
    }

    /// @param revision the one the client says it speaks; null: it says nothing, as the reference's clients
    /// @throws Refused if there is no such method, or it cannot be called so
    JsonNode call(Request request, @Nullable String revision, Caller caller) {
        return switch (request.method()) {
            case "initialize" -> initialize(request.params());
            case "ping" -> json.createObjectNode();
            case "tools/list" -> listTools(request.params());
            case "tools/call" -> callTool(request.params(), revision, caller);
            // In the revisions with a handshake a 404 would tell the client that its session has ended.
            default -> throw new Refused(revision == null ? HttpStatus.NOT_FOUND : HttpStatus.OK, Refused.NO_METHOD,
                    "there is no method " + Text.quoted(request.method()) + "; there are initialize, ping, tools/list and tools/call");
        };
    }

    private JsonNode initialize(ObjectNode params) {
        var asked = params.path("protocolVersion");
        if (!asked.isString()) {
            throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, "protocolVersion must be a string such as \"" + REVISIONS.getFirst() + "\"");
        }
        var result = json.createObjectNode();
        result.put("protocolVersion", REVISIONS.contains(asked.asString()) ? asked.asString() : REVISIONS.getFirst());
        result.putObject("capabilities").putObject("tools").put("listChanged", false);
        result.putObject("serverInfo").put("name", "longhaul").put("title", "Longhaul").put("version", version());
        result.put("instructions", """
                Starts and follows operations that outlive a request. start_long_task returns an operation_id at once; keep it: the operation goes on \
                through restarts and lost connections, and any client may ask for it later.""");
        return result;
    }

    static String version() {
        var version = Methods.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    private JsonNode listTools(ObjectNode params) {
        if (params.has("cursor")) {
            throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, "there is one page of tools, so there is no cursor " + Text.quoted(params.path("cursor").toString()));
        }
        var result = json.createObjectNode();
        var list = result.putArray("tools");
        for (var tool : tools.values()) {
            var entry = list.addObject().put("name", tool.name()).put("title", tool.title()).put("description", tool.description());
            entry.set("inputSchema", tool.arguments().schema());
            entry.putObject("annotations").put("readOnlyHint", tool.isReadOnly()).put("destructiveHint", tool.name().equals("cancel_task"))
                    .put("idempotentHint", tool.isReadOnly() || tool.name().equals("cancel_task")).put("openWorldHint", false);
        }
        return result;
    }

    private JsonNode callTool(ObjectNode params, @Nullable String revision, Caller caller) {
        if (!params.path("name").isString()) {
            throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, "params.name must be the name of a tool");
        }
        if (params.has("arguments") && !params.path("arguments").isObject()) {
            throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, "params.arguments must be an object");
        }
        var tool = tools.get(params.path("name").asString());
        if (tool == null) {
            var unknown = "there is no tool " + Text.quoted(params.path("name").asString()) + "; there are " + String.join(", ", tools.keySet());
            if (revision != null) {
                throw new Refused(HttpStatus.OK, Refused.BAD_PARAMS, unknown);
            }
            return failure(unknown);
        }
        try {
            return content(false, new Success("success", call(tool, params.withObject("arguments"), caller)));
        } catch (IllegalArgumentException | InvalidInput | UnknownType | IdempotencyConflict | NoSuchOperation wrong) {
            return failure(String.valueOf(wrong.getMessage()));
        }
    }

    private <A> Object call(Tool<A> tool, ObjectNode arguments, Caller caller) {
        return tool.call(tool.arguments().read(StorableJson.required("arguments", arguments)), caller);
    }

    record Success(String status, Object data) {}

    record Failure(String status, String error) {}

    private JsonNode failure(String error) {
        return content(true, new Failure("error", error));
    }

    private JsonNode content(boolean isError, Object envelope) {
        var result = json.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", json.writeValueAsString(envelope));
        return result.put("isError", isError);
    }
}
