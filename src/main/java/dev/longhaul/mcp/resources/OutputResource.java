package dev.longhaul.mcp.resources;

import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.Contents;
import dev.longhaul.tool.Resource;
import dev.longhaul.tool.ResourceType;
import dev.longhaul.tool.ToolCall;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The output of an operation.
@ResourceType(uri = "longhaul://operations/{id}/output", name = "operation-output", title = "Output of an operation",
        mimeType = "application/json",
        description = "The output of a completed operation; null before its end, and without output.")
class OutputResource implements Resource {

    private final VisibleOperations operations;
    private final JsonMapper json;

    OutputResource(VisibleOperations operations, JsonMapper json) {
        this.operations = operations;
        this.json = json;
    }

    @Override
    public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
        return operations.find(OperationId.parse(variables.get("id")), call.caller())
                .map(operation -> Contents.text(uri, "application/json", operation.output() == null
                        ? "null" : json.writeValueAsString(operation.output())));
    }
}
