package dev.longhaul.mcp.tasks;

import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.Operations;
import dev.longhaul.mcp.rpc.Refused;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.tool.Capability;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `tasks/get`, `tasks/update` and `tasks/cancel` of the extension `io.modelcontextprotocol/tasks`.
@Component
public class TaskMethods {

    private final Operations operations;
    private final OperationStore store;
    private final TaskViews views;
    private final Elicitations elicitations;
    private final JsonMapper json;

    TaskMethods(Operations operations, OperationStore store, TaskViews views, Elicitations elicitations, JsonMapper json) {
        this.operations = operations;
        this.store = store;
        this.views = views;
        this.elicitations = elicitations;
        this.json = json;
    }

    public ObjectNode get(ObjectNode params, Client client) {
        requireTasks(client);
        return views.detailed(find(operations, params, client), client);
    }

    /// Answers questions of a task: any of them, in any order.
    public ObjectNode update(ObjectNode params, Client client) {
        requireTasks(client);
        var operation = find(operations, params, client);
        if (!params.path("inputResponses").isObject()) {
            throw Refused.params("inputResponses must be an object, with an answer for each key of inputRequests");
        }
        try {
            StorableJson.required("inputResponses", params.path("inputResponses"));
            params.path("inputResponses").forEachEntry((name, response) -> {
                if (!response.isObject()) {
                    throw Refused.params("the answer to " + Text.quoted(name) + " must be an object");
                }
                elicitations.answer(operation.id(), name, response, client.caller());
            });
        } catch (IllegalArgumentException | InvalidInput wrong) {
            throw Refused.params(String.valueOf(wrong.getMessage()));
        }
        return json.createObjectNode();
    }

    /// Asks a task to stop. Asking again, or too late, is no error.
    public ObjectNode cancel(ObjectNode params, Client client) {
        requireTasks(client);
        store.cancel(find(operations, params, client).id(), "cancelled by its client", client.caller());
        return json.createObjectNode();
    }

    static Operation find(Operations operations, ObjectNode params, Client client) {
        if (!params.path("taskId").isString()) {
            throw Refused.params("taskId must be the id of a task");
        }
        var id = params.path("taskId").asString();
        try {
            var operation = OperationId.parse(id);
            return operations.find(operation, client.caller()).orElseThrow(() -> Refused.params(operations.missing("task", operation)));
        } catch (IllegalArgumentException noId) {
            throw Refused.params("there is no task " + Text.quoted(id));
        }
    }

    /// Whoever does not declare the extension does not get to use it.
    public static void requireTasks(Client client) {
        if (!client.can().contains(Capability.TASKS)) {
            throw Refused.capability("tasks need a client that declares the extension io.modelcontextprotocol/tasks",
                    Client.declared(Capability.TASKS, JsonNodeFactory.instance.objectNode()));
        }
    }
}
