package dev.longhaul.mcp.resources;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListOrder;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.tool.ToolCatalog;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `completion/complete`: ids of the newest operations, task types and queues, by the name of the argument or variable.
@Component
public class CompletionMethod {

    private static final int MOST = 100;

    private final ToolCatalog catalog;
    private final TaskRegistry tasks;
    private final OperationList list;
    private final VisibleOperations operations;
    private final QueueCounts queues;
    private final JsonMapper json;

    CompletionMethod(ToolCatalog catalog, TaskRegistry tasks, OperationList list, VisibleOperations operations,
            QueueCounts queues, JsonMapper json) {
        this.catalog = catalog;
        this.tasks = tasks;
        this.list = list;
        this.operations = operations;
        this.queues = queues;
        this.json = json;
    }

    public ObjectNode complete(ObjectNode params, ClientProfile client) {
        var argument = params.path("argument");
        if (!argument.path("name").isString() || !argument.path("value").isString()) {
            throw JsonRpcError.params("argument must be an object with name and value");
        }
        requireKnown(params);
        var values = candidates(argument.path("name").asString(), client).stream()
                .filter(value -> value.startsWith(argument.path("value").asString())).sorted().toList();
        var result = json.createObjectNode();
        var completion = result.putObject("completion");
        values.stream().limit(MOST).forEach(completion.putArray("values")::add);
        completion.put("total", values.size()).put("hasMore", values.size() > MOST);
        return result;
    }

    private void requireKnown(ObjectNode params) {
        var ref = params.path("ref");
        var isKnown = switch (ref.path("type").asString("")) {
            case "ref/prompt" -> catalog.prompts().stream()
                    .anyMatch(prompt -> prompt.name().equals(ref.path("name").asString("")));
            case "ref/resource" -> catalog.resources().stream()
                    .anyMatch(resource -> resource.type().uri().equals(ref.path("uri").asString("")));
            default -> throw JsonRpcError.params("ref must be of type ref/prompt or ref/resource, not "
                    + Text.quoted(ref.path("type").asString("")));
        };
        if (!isKnown) {
            throw JsonRpcError.params("there is no prompt or resource template of this ref");
        }
    }

    private List<String> candidates(String name, ClientProfile client) {
        return switch (name) {
            case "id", "operation_id" -> list.page(Filter.ALL, ListOrder.NEWEST_FIRST, null, OperationList.MOST)
                    .operations().stream().map(ListedOperation::id)
                    .filter(id -> operations.allows(client.caller(), id)).map(Object::toString).toList();
            case "type", "task_type" -> tasks.all().stream().map(OperationType::type).toList();
            case "queue" -> queues.names();
            default -> List.of();
        };
    }
}
