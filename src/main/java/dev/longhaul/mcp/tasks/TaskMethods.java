package dev.longhaul.mcp.tasks;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Capability;
import dev.longhaul.types.InvalidInput;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `tasks/get`, `tasks/update` and `tasks/cancel` of the extension `io.modelcontextprotocol/tasks`.
@Component
public class TaskMethods {

    private final VisibleOperations operations;
    private final OperationStore store;
    private final TaskView views;
    private final Elicitations elicitations;
    private final JsonMapper json;

    TaskMethods(VisibleOperations operations, OperationStore store, TaskView views, Elicitations elicitations,
            JsonMapper json) {
        this.operations = operations;
        this.store = store;
        this.views = views;
        this.elicitations = elicitations;
        this.json = json;
    }

    public ObjectNode get(ObjectNode params, ClientProfile client) {
        requireTasks(client);
        return views.detailed(find(operations, params, client), client);
    }

    /// Answers input requests of a task, in any order.
    public ObjectNode update(ObjectNode params, ClientProfile client) {
        requireTasks(client);
        var operation = find(operations, params, client);
        if (!params.path("inputResponses").isObject()) {
            throw JsonRpcError.params("inputResponses must be an object, with an answer for each key of inputRequests");
        }
        try {
            StorableJson.required("inputResponses", params.path("inputResponses"));
            params.path("inputResponses").forEachEntry((name, response) -> {
                if (!response.isObject()) {
                    throw JsonRpcError.params("the answer to " + Text.quoted(name) + " must be an object");
                }
                elicitations.answer(operation.id(), name, response, client.caller());
            });
        } catch (IllegalArgumentException | InvalidInput wrong) {
            throw JsonRpcError.params(String.valueOf(wrong.getMessage()));
        }
        return json.createObjectNode();
    }

    /// Cancels a task. Repeating it, or cancelling a finished task, is no error.
    public ObjectNode cancel(ObjectNode params, ClientProfile client) {
        requireTasks(client);
        store.cancel(find(operations, params, client).id(), "cancelled by its client", client.caller());
        return json.createObjectNode();
    }

    public static Operation find(VisibleOperations operations, ObjectNode params, ClientProfile client) {
        if (!params.path("taskId").isString()) {
            throw JsonRpcError.params("taskId must be the id of a task");
        }
        var id = params.path("taskId").asString();
        try {
            var operation = OperationId.parse(id);
            return operations.find(operation, client.caller())
                    .orElseThrow(() -> JsonRpcError.params(operations.missing("task", operation)));
        } catch (IllegalArgumentException noId) {
            throw JsonRpcError.params("there is no task " + Text.quoted(id));
        }
    }

    /// @throws JsonRpcError if the client does not declare the extension
    public static void requireTasks(ClientProfile client) {
        if (!client.can().contains(Capability.TASKS)) {
            throw JsonRpcError.capability("tasks need a client that declares the extension "
                    + "io.modelcontextprotocol/tasks",
                    ClientProfile.declared(Capability.TASKS, JsonNodeFactory.instance.objectNode()));
        }
    }
}
