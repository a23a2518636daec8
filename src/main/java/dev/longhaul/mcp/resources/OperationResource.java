package dev.longhaul.mcp.resources;

import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.Contents;
import dev.longhaul.tool.Resource;
import dev.longhaul.tool.ResourceType;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.web.OperationView;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// One operation as it is now.
@ResourceType(uri = "longhaul://operations/{id}", name = "operation", title = "Operation",
        mimeType = "application/json",
        description = "An operation as it is now: type, status, progress, times, attempts, output or error.")
class OperationResource implements Resource {

    private final VisibleOperations operations;
    private final JsonMapper json;

    OperationResource(VisibleOperations operations, JsonMapper json) {
        this.operations = operations;
        this.json = json;
    }

    @Override
    public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
        return operations.find(OperationId.parse(variables.get("id")), call.caller())
                .map(operation -> Contents.text(uri, "application/json",
                        json.writeValueAsString(OperationView.of(operation))));
    }
}
