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

/// The past of an operation.
@ResourceType(uri = "longhaul://operations/{id}/history", name = "operation-history", title = "History of an operation",
        mimeType = "application/json",
        description =
        "What happened to an operation: every change of its status, who made it, through which door, and why. Oldest "
        + "first.")
class HistoryResource implements Resource {

    private final VisibleOperations operations;
    private final OperationHistoryView past;
    private final JsonMapper json;

    HistoryResource(VisibleOperations operations, OperationHistoryView past, JsonMapper json) {
        this.operations = operations;
        this.past = past;
        this.json = json;
    }

    @Override
    public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
        return operations.find(OperationId.parse(variables.get("id")), call.caller())
                .map(operation -> Contents.text(uri, "application/json",
                        json.writeValueAsString(Map.of("events", past.of(operation.id())))));
    }
}
