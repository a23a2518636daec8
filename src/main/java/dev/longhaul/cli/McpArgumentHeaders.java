package dev.longhaul.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// The `Mcp-Param-…` headers of revision 2026-07-28: they repeat the arguments that a tool's schema marks with
/// `x-mcp-header`. A request without them is refused.
final class McpArgumentHeaders {

    private static final String MARK = "x-mcp-header";

    private final Map<String, JsonNode> schemas = new ConcurrentHashMap<>();

    /// @param result of `tools/list`
    void learn(JsonNode result) {
        result.path("tools").forEach(tool -> schemas.put(tool.path("name").asString(""), tool.path("inputSchema")));
    }

    boolean isKnown(String tool) {
        return schemas.containsKey(tool);
    }

    Map<String, String> of(String tool, JsonNode arguments) {
        var headers = new TreeMap<String, String>();
        if (isKnown(tool)) {
            collect(schemas.get(tool), arguments, headers);
        }
        return headers;
    }

    private static void collect(JsonNode schema, JsonNode arguments, Map<String, String> headers) {
        schema.path("properties").forEachEntry((name, property) -> {
            var argument = arguments.path(name);
            if (!property.path(MARK).isString()) {
                collect(property, argument, headers);
            } else if (!argument.isMissingNode() && !argument.isNull()) {
                headers.put("Mcp-Param-" + property.path(MARK).asString(),
                        encoded(argument.isString() ? argument.asString() : argument.toString()));
            }
        });
    }

    /// Plain ASCII as it is, other text as the protocol's Base64.
    static String encoded(String text) {
        return text.matches("[!-~]([ -~]*[!-~])?") && !text.startsWith("=?base64?") ? text
                : "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
