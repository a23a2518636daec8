package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The reference interface's form of a result, `{"status": "success", "data": …}` or `{"status": "error", "error": …}`.
/// The reference's client reads `structuredContent` if the result has it, else the text: both hold this envelope.
@JsonInclude(JsonInclude.Include.NON_NULL)
record Envelope(String status, @Nullable Object data, @Nullable String error) {

    static Envelope success(Object data) {
        return new Envelope("success", data, null);
    }

    static Envelope failure(String error) {
        return new Envelope("error", null, error);
    }

    /// The JSON Schema of the envelope. Clients validate the structured content of errors too, so it has both forms.
    ///
    /// @param data schema of the data
    static ObjectNode schema(JsonNode data) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var inner = (ObjectNode) data.deepCopy();
        var definitions = inner.remove("$defs");   // references in the data start at the root
        if (definitions != null) {
            schema.set("$defs", definitions);
        }
        var properties = schema.putObject("properties");
        properties.putObject("status").put("type", "string").putArray("enum").add("success").add("error");
        properties.set("data", inner);
        properties.putObject("error").put("type", "string").put("description", "The reason; only with status error");
        schema.putArray("required").add("status");
        return schema;
    }
}
