package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ContentJson;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.types.InputTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Results of tools as the protocol's `CallToolResult`.
@Component
class ToolResults {

    private final JsonMapper json;

    ToolResults(InputTypes inputs) {
        this.json = inputs.json();   // writes the names of the schemas
    }

    /// @param revision of the client; null: not named
    ObjectNode of(ToolResult answer, @Nullable ProtocolRevision revision) {
        var result = json.createObjectNode();
        var content = result.putArray("content");
        answer.content().forEach(piece -> content.add(ContentJson.json(piece, revision)));
        if (answer.structured() != null) {
            JsonNode structured = json.valueToTree(answer.structured());
            result.set("structuredContent", structured);
            if (answer.content().isEmpty()) {
                content.addObject().put("type", "text").put("text", json.writeValueAsString(structured));
            }
        }
        return result.put("isError", answer.isError());
    }

    /// Text and structured content hold the same JSON.
    ///
    /// @param enveloped in the reference interface's envelope
    ObjectNode structured(Object data, boolean enveloped) {
        return same(json.valueToTree(enveloped ? Envelope.success(data) : data)).put("isError", false);
    }

    ObjectNode failed(String error, boolean enveloped) {
        return (enveloped ? same(json.valueToTree(Envelope.failure(error))) : text(error)).put("isError", true);
    }

    private ObjectNode same(JsonNode structured) {
        return (ObjectNode) text(json.writeValueAsString(structured)).set("structuredContent", structured);
    }

    private ObjectNode text(String text) {
        var result = json.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }
}
