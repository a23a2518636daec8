package dev.longhaul.mcp.tasks;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.reference.ReferenceTerms;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.types.InputTypes;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// An operation as the protocol's `Task`.
@Component
public class TaskView {

    private final Elicitations elicitations;
    private final TaskCallResults results;
    private final TaskTtl lifetime;
    private final InputTypes inputs;

    TaskView(Elicitations elicitations, TaskCallResults results, TaskTtl lifetime, InputTypes inputs) {
        this.elicitations = elicitations;
        this.results = results;
        this.lifetime = lifetime;
        this.inputs = inputs;
    }

    /// A new task.
    public ObjectNode created(Operation operation) {
        return modern(operation, "working", List.of());
    }

    /// With the input requests that this client can show, the result or the error.
    public ObjectNode detailed(Operation operation, ClientProfile client) {
        var open = elicitations.open(operation, client.can());
        var error = TaskCallResults.protocolError(operation, inputs.json());
        var status = switch (operation.status()) {
            case PENDING, RUNNING, WAITING -> open.isEmpty() ? "working" : "input_required";
            case COMPLETED -> "completed";
            case FAILED -> error.isPresent() ? "failed" : "completed";
            case CANCELLED -> "cancelled";
        };
        var task = modern(operation, status, open);
        switch (status) {
            case "input_required" -> task.set("inputRequests", elicitations.requests(operation, open, client));
            case "failed" -> task.set("error", error.orElseThrow());
            case "completed" -> task.set("result", results.ended(operation).put("resultType", "complete"));
            default -> { }
        }
        return task;
    }

    private ObjectNode modern(Operation operation, String status, List<InputRequest> open) {
        return lifetime("ttlMs", operation, task(operation, status, open))
                .put("pollIntervalMs", pollInterval(operation));
    }

    /// @param name of the member
    public ObjectNode lifetime(String name, Operation operation, ObjectNode task) {
        var millis = lifetime.millis(operation);
        return millis.isPresent() ? task.put(name, millis.getAsLong()) : task.putNull(name);
    }

    public ObjectNode task(Operation operation, String status, List<InputRequest> open) {
        return inputs.json().createObjectNode().put("taskId", operation.id().toString()).put("status", status)
                .put("statusMessage", message(operation, open))
                .put("createdAt", operation.createdAt().toString())
                        .put("lastUpdatedAt", operation.updatedAt().toString());
    }

    private static String message(Operation operation, List<InputRequest> open) {
        if (!open.isEmpty()) {
            return open.stream().map(InputRequest::action).collect(Collectors.joining("; "));
        }
        var error = operation.error();
        return operation.isOver() && error != null
                ? error.message() : ReferenceTerms.message(operation.status(), operation.progress().message());
    }

    /// Milliseconds: a quarter of the remaining time, between 1 and 30 seconds.
    public static long pollInterval(Operation operation) {
        var left = ReferenceView.of(operation).estimatedRemaining();
        return left == null ? 1_000 : Math.clamp(Math.round(left * 250), 1_000, 30_000);
    }
}
