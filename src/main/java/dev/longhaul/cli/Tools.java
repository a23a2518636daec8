package dev.longhaul.cli;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Calls a tool of `POST /mcp`.
final class Tools {

    private Tools() {
    }

    /// @return the tool's `data`
    static JsonNode call(Api api, String tool, Map<String, ?> arguments) {
        var request = Api.json.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call");
        request.putObject("params").put("name", tool).set("arguments", Api.json.valueToTree(arguments));
        var result = api.post("/mcp", request).path("result");
        var text = Api.json.readTree(result.path("content").path(0).path("text").asString("{}"));
        if (text.has("error")) {
            throw new Trouble(Exit.NOT_SO, text.path("error").asString(""));
        }
        return text.path("data");
    }
}
