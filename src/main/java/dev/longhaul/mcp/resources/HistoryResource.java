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

/// The history of an operation.
@ResourceType(uri = "longhaul://operations/{id}/history", name = "operation-history", title = "History of an operation",
        mimeType = "application/json",
        description =
        "Every change of status of an operation with its principal, source and reason. Oldest first.")
class HistoryResource implements Resource {

    private final VisibleOperations operations;
    private final OperationHistoryView history;
    private final JsonMapper json;

    HistoryResource(VisibleOperations operations, OperationHistoryView history, JsonMapper json) {
        this.operations = operations;
        this.history = history;
        this.json = json;
    }

    @Override
    public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
        return operations.find(OperationId.parse(variables.get("id")), call.caller())
                .map(operation -> Contents.text(uri, "application/json",
                        json.writeValueAsString(Map.of("events", history.of(operation.id())))));
    }
}
