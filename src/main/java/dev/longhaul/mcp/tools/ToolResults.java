package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ContentJson;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.types.InputTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a tool said, as the protocol's `CallToolResult`.
@Component
class ToolResults {

    private final JsonMapper json;

    ToolResults(InputTypes inputs) {
        this.json = inputs.json();   // writes the names that the schemas have
    }

    /// The reference interface's form of a success.
    record Success(String status, Object data) {}

    /// The reference interface's form of a failure.
    record Failure(String status, String error) {}

    /// @param revision that its reader speaks; null: it does not say
    ObjectNode of(ToolResult answer, @Nullable ProtocolRevision revision) {
        var result = json.createObjectNode();
        var content = result.putArray("content");
        answer.content().forEach(piece -> content.add(ContentJson.json(piece, revision)));
        if (answer.structured() != null) {
            result.set("structuredContent", json.valueToTree(answer.structured()));
        }
        return result.put("isError", answer.isError());
    }

    /// @param enveloped the text is the reference interface's envelope
    ObjectNode structured(Object data, boolean enveloped) {
        var result = text(json.writeValueAsString(enveloped ? new Success("success", data) : data));
        result.set("structuredContent", json.valueToTree(data));
        return result.put("isError", false);
    }

    ObjectNode failed(String error, boolean enveloped) {
        return text(enveloped ? json.writeValueAsString(new Failure("error", error)) : error).put("isError", true);
    }

    private ObjectNode text(String text) {
        var result = json.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }
}
