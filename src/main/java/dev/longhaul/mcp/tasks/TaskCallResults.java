package dev.longhaul.mcp.tasks;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.reference.ReferenceTerms;
import dev.longhaul.types.InputTypes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Results of calls of task tools.
@Component
public class TaskCallResults {

    private static final int PROTOCOL_FAILED = -32603;

    private final InputTypes inputs;

    TaskCallResults(InputTypes inputs) {
        this.inputs = inputs;
    }

    /// The structured content: the same form before and after the end, so that it always fits its schema.
    ///
    /// @param status   `pending`, `running`, `waiting`, `completed`, `failed` or `cancelled`
    /// @param progress percent
    /// @param next     the next step; null: the operation has ended
    public record TaskAnswer(String operationId, String status, double progress, String message,
            @Nullable JsonNode output, @Nullable String next) {}

    /// The schema of a [TaskAnswer] around an output of this schema.
    public JsonNode schema(JsonNode output) {
        var schema = inputs.schemaOfOutput(TaskAnswer.class);
        if (schema.path("properties") instanceof ObjectNode properties) {
            if (output.isEmpty()) {
                properties.putObject("output");
            } else {
                var either = properties.putObject("output").putArray("anyOf");
                either.add(output);
                either.addObject().put("type", "null");
            }
        }
        return schema;
    }

    /// Of a finished operation.
    public ObjectNode ended(Operation operation) {
        return switch (operation.status()) {
            case FAILED -> error(operation, "failed: " + (operation.error() == null
                    ? "unknown reason" : operation.error().message()));
            case CANCELLED -> error(operation, "was cancelled");
            default -> complete(operation, null);
        };
    }

    /// Of an unfinished operation: the next step.
    public ObjectNode goesOn(Operation operation, List<InputRequest> open) {
        return complete(operation, open.isEmpty()
                ? "The operation continues. Call wait_for_task with this operation_id for its result, or "
                + "get_task_progress for its progress."
                : "The operation waits for an answer of a person: " + open.stream()
                .map(question -> question.name() + ": " + question.action()).collect(Collectors.joining("; "))
                        + ". Answer with provide_input, then call wait_for_task.");
    }

    /// A failure by the service, not by the task: worker lease expired, timeout, error of the virtual machine.
    public static Optional<ObjectNode> protocolError(Operation operation, JsonMapper json) {
        var error = operation.error();
        return operation.status() == Status.FAILED && error != null && isOfService(error)
                ? Optional.of(json.createObjectNode().put("code", PROTOCOL_FAILED).put("message", error.message()))
                : Optional.empty();
    }

    private static boolean isOfService(Failure error) {
        return !error.type().contains(".") || error.type().startsWith("java.lang.") && error.type().endsWith("Error");
    }

    private ObjectNode complete(Operation operation, @Nullable String next) {
        var json = inputs.json();
        var answer = new TaskAnswer(operation.id().toString(), operation.status().word(),
                operation.progress().percent(),
                ReferenceTerms.message(operation.status(), operation.progress().message()), operation.output(), next);
        var structured = json.valueToTree(answer);
        var result = json.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", json.writeValueAsString(structured));
        result.set("structuredContent", structured);
        return result.put("isError", false);
    }

    private ObjectNode error(Operation operation, String what) {
        var result = inputs.json().createObjectNode();
        result.putArray("content").addObject().put("type", "text")
                .put("text", "operation " + operation.id() + " " + what);
        return result.put("isError", true);
    }
}
