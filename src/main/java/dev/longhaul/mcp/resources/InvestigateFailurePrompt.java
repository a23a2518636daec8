package dev.longhaul.mcp.resources;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.Content;
import dev.longhaul.tool.Contents;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.PromptType;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.web.OperationView;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Asks a model why an operation failed.
@PromptType(value = "investigate_failure", title = "Investigate a failed operation",
        description = "Gives a model an operation and its history, and asks why it failed and what to do.")
class InvestigateFailurePrompt implements Prompt<InvestigateFailurePrompt.Arguments> {

    record Arguments(@JsonPropertyDescription("The id of the operation") String operationId) {}

    private final VisibleOperations operations;
    private final OperationHistoryView past;
    private final JsonMapper json;

    InvestigateFailurePrompt(VisibleOperations operations, OperationHistoryView past, JsonMapper json) {
        this.operations = operations;
        this.past = past;
        this.json = json;
    }

    @Override
    public Messages get(Arguments arguments, ToolCall call) {
        var operation = operations.get(OperationId.parse(arguments.operationId), call.caller());
        var uri = "longhaul://operations/" + operation.id();
        return new Messages(List.of(
                new Message("user", new Content.Text("""
                        Operation %s (%s) is %s. Find the cause in the operation and its history below: the failed \
                        attempt, its error, and the finished steps. State the cause in one sentence, your confidence, \
                        and whether retry_task would help or a fix is needed first. Do not retry it yourself."""
                        .formatted(operation.id(), operation.type(), operation.status().word()))),
                new Message("user", embedded(uri, OperationView.of(operation))),
                new Message("user", embedded(uri + "/history", Map.of("events", past.of(operation.id()))))));
    }

    private Content embedded(String uri, Object value) {
        return new Content.Embedded(Contents.text(uri, "application/json", json.writeValueAsString(value)));
    }
}
