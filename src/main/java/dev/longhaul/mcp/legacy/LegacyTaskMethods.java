package dev.longhaul.mcp.legacy;

import dev.longhaul.live.Change;
import dev.longhaul.live.Subscribers;
import dev.longhaul.mcp.rpc.CallKeepAlive;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tasks.Elicitations;
import dev.longhaul.mcp.tasks.TaskCallResults;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tasks.TaskView;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListOrder;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `tasks/get`, `tasks/result`, `tasks/list` and `tasks/cancel` of 2025-11-25, which called them experimental.
@Component
class LegacyTaskMethods {

    private static final int PAGE = 50;
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

    private final VisibleOperations operations;
    private final OperationStore store;
    private final OperationList list;
    private final Subscribers subscribers;
    private final TaskView views;
    private final TaskCallResults results;
    private final Elicitations elicitations;
    private final StreamedElicitations streamed;
    private final CallKeepAlive heartbeat;
    private final JsonMapper json;

    LegacyTaskMethods(VisibleOperations operations, OperationStore store, OperationList list, Subscribers subscribers,
            TaskView views, TaskCallResults results, Elicitations elicitations,
                   StreamedElicitations streamed, CallKeepAlive heartbeat, JsonMapper json) {
        this.operations = operations;
        this.store = store;
        this.list = list;
        this.subscribers = subscribers;
        this.views = views;
        this.results = results;
        this.elicitations = elicitations;
        this.streamed = streamed;
        this.heartbeat = heartbeat;
        this.json = json;
    }

    static boolean isSpokenBy(ClientProfile client) {
        return client.revision() == ProtocolRevision.V2025_11_25;
    }

    ObjectNode call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        if (!isSpokenBy(client)) {
            throw client.noMethod("only MCP " + ProtocolRevision.V2025_11_25.word() + " and "
                    + ProtocolRevision.V2026_07_28.word() + " have tasks");
        }
        return switch (request.method()) {
            case "tasks/get" -> get(request.params(), client);
            case "tasks/result" -> result(request.params(), client, exchange);
            case "tasks/list" -> list(request.params(), client);
            default -> cancel(request.params(), client);
        };
    }

    ObjectNode created(Operation operation, ClientProfile client) {
        return (ObjectNode) json.createObjectNode().set("task", task(operation, client.can()));
    }

    /// An operation as a task of 2025-11-25.
    private ObjectNode task(Operation operation, Set<Capability> can) {
        var open = elicitations.open(operation, can);
        var status = switch (operation.status()) {
            case PENDING, RUNNING, WAITING -> open.isEmpty() ? "working" : "input_required";
            case COMPLETED, FAILED, CANCELLED -> operation.status().word();
        };
        return views.lifetime("ttl", operation, views.task(operation, status, open))
                .put("pollInterval", TaskView.pollInterval(operation));
    }

    /// Adds the id of the task to a message.
    static void relate(ObjectNode message, Operation operation) {
        message.withObject("_meta").putObject("io.modelcontextprotocol/related-task")
                .put("taskId", operation.id().toString());
    }

    private ObjectNode get(ObjectNode params, ClientProfile client) {
        return task(TaskMethods.find(operations, params, client), client.can());
    }

    /// Waits for the end, and sends the input requests of the operation meanwhile.
    private ObjectNode result(ObjectNode params, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        var sender = streamed.sender(client, exchange, true);
        try (var subscriber = subscribers.subscribe(operation.id(), operation.version()); var _ =
                heartbeat.keep(exchange)) {
            var isOver = operation.isOver();
            while (!isOver && !subscriber.isClosed()) {
                if (operation.waitsFor() == WaitReason.ANSWER) {
                    sender.send(operation, elicitations.open(operation, client.can()));
                }
                var change = subscriber.next(Duration.ofMinutes(1));
                operation = change.map(Change::operation).orElse(operation);
                isOver = change.map(Change::isLast).orElse(false);
            }
        }
        var ended = operations.get(operation.id(), client.caller());
        if (!ended.isOver()) {
            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.INTERNAL,
                    "this node is stopping; request the result again");
        }
        TaskCallResults.protocolError(ended, json).ifPresent(error -> {
            throw new JsonRpcError(HttpStatus.OK, error.path("code").asInt(), error.path("message").asString());
        });
        var result = results.ended(ended);
        relate(result, ended);
        return result;
    }

    /// Newest first.
    private ObjectNode list(ObjectNode params, ClientProfile client) {
        var found = list.page(Filter.ALL, ListOrder.NEWEST_FIRST, cursor(params), PAGE);
        var result = json.createObjectNode();
        var tasks = result.putArray("tasks");
        for (var listed : allowed(found.operations(), client)) {
            tasks.add(task(listed, client.can()));
        }
        return found.next() == null ? result : result.put("nextCursor", found.next().toString());
    }

    private List<Operation> allowed(List<ListedOperation> found, ClientProfile client) {
        var all = new ArrayList<Operation>();
        found.forEach(listed -> operations.find(listed.id(), client.caller()).ifPresent(all::add));
        return all;
    }

    private static @Nullable OperationId cursor(ObjectNode params) {
        if (!params.has("cursor")) {
            return null;
        }
        try {
            return OperationId.parse(params.path("cursor").asString(""));
        } catch (IllegalArgumentException garbage) {
            throw JsonRpcError.params("cursor must be a nextCursor of ours, not "
                    + Text.quoted(params.path("cursor").toString()));
        }
    }

    /// The protocol requires the task to be cancelled before the response, so a running one is waited for.
    private ObjectNode cancel(ObjectNode params, ClientProfile client) throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        if (operation.isOver()) {
            throw JsonRpcError.params("task " + operation.id() + " is " + operation.status().word() + " already");
        }
        var until = System.nanoTime() + CANCEL_TIMEOUT.toNanos();
        try (var subscriber = subscribers.subscribe(operation.id(), operation.version())) {
            var now = store.cancel(operation.id(), "cancelled by its client", client.caller()).orElse(operation);
            while (now.status() == Status.RUNNING && System.nanoTime() < until && !subscriber.isClosed()) {
                var change = subscriber.next(Duration.ofNanos(until - System.nanoTime()));
                now = change.isPresent() ? change.get().operation() : now;
            }
        }
        return task(operations.get(operation.id(), client.caller()), client.can());
    }
}
