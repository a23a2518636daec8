package dev.longhaul.mcp.tasks;

import dev.longhaul.live.Subscribers;
import dev.longhaul.mcp.rpc.CallKeepAlive;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.VisibleOperations;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `tasks/get`, `tasks/result`, `tasks/list` and `tasks/cancel` of 2025-11-25, which called them experimental.
@Component
public class LegacyTaskMethods {

    private static final int PAGE = 50;
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

    private final VisibleOperations operations;
    private final OperationStore store;
    private final OperationList list;
    private final Subscribers watchers;
    private final TaskView views;
    private final TaskCallResults results;
    private final Elicitations elicitations;
    private final StreamedElicitations streamed;
    private final CallKeepAlive heartbeat;
    private final JsonMapper json;

    LegacyTaskMethods(VisibleOperations operations, OperationStore store, OperationList list, Subscribers watchers,
            TaskView views, TaskCallResults results, Elicitations elicitations,
                   StreamedElicitations streamed, CallKeepAlive heartbeat, JsonMapper json) {
        this.operations = operations;
        this.store = store;
        this.list = list;
        this.watchers = watchers;
        this.views = views;
        this.results = results;
        this.elicitations = elicitations;
        this.streamed = streamed;
        this.heartbeat = heartbeat;
        this.json = json;
    }

    public static boolean isSpokenBy(ClientProfile client) {
        return client.revision() == ProtocolRevision.V2025_11_25;
    }

    /// Whether a call asks for a task.
    public static boolean asks(ObjectNode params, ClientProfile client) {
        return isSpokenBy(client) && params.path("task").isObject();
    }

    public static ObjectNode created(ObjectNode task) {
        var result = JsonNodeFactory.instance.objectNode();
        result.set("task", task);
        return result;
    }

    /// Says which task a message belongs to.
    static void relate(ObjectNode message, Operation operation) {
        message.withObject("_meta").putObject("io.modelcontextprotocol/related-task")
                .put("taskId", operation.id().toString());
    }

    public ObjectNode get(ObjectNode params, ClientProfile client) {
        return views.old(TaskMethods.find(operations, params, client), client.can());
    }

    /// Waits for the end, and meanwhile asks what the operation asks.
    public ObjectNode result(ObjectNode params, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        var questions = streamed.on(exchange, client);
        try (var watcher = watchers.subscribe(operation.id(), operation.version()); var _ = heartbeat.keep(exchange)) {
            while (!operation.isOver() && !watcher.isClosed()) {
                if (operation.waitsFor() == WaitReason.ANSWER) {
                    questions.ask(operation, elicitations.open(operation, client.can()), true);
                }
                var change = watcher.next(Duration.ofMinutes(1));
                operation = change.isPresent() ? change.get().operation() : operation;
            }
        }
        var ended = operations.get(operation.id(), client.caller());
        if (!ended.isOver()) {
            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.INTERNAL, "this node stops; ask for the result again");
        }
        TaskCallResults.protocolError(ended, json).ifPresent(error -> {
            throw new JsonRpcError(HttpStatus.OK, error.path("code").asInt(), error.path("message").asString());
        });
        var result = results.ended(ended);
        relate(result, ended);
        return result;
    }

    /// Newest first.
    public ObjectNode list(ObjectNode params, ClientProfile client) {
        var found = list.page(Filter.ALL, ListOrder.NEWEST_FIRST, cursor(params), PAGE);
        var result = json.createObjectNode();
        var tasks = result.putArray("tasks");
        for (var listed : allowed(found.operations(), client)) {
            tasks.add(views.old(listed, client.can()));
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

    /// The protocol wants it cancelled before the answer; a running task is waited for, for a while.
    public ObjectNode cancel(ObjectNode params, ClientProfile client) throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        if (operation.isOver()) {
            throw JsonRpcError.params("task " + operation.id() + " is " + operation.status().word() + " already");
        }
        var until = System.nanoTime() + CANCEL_PATIENCE.toNanos();
        try (var watcher = watchers.subscribe(operation.id(), operation.version())) {
            var now = store.cancel(operation.id(), "cancelled by its client", client.caller()).orElse(operation);
            while (now.status() == Status.RUNNING && System.nanoTime() < until && !watcher.isClosed()) {
                var change = watcher.next(Duration.ofNanos(until - System.nanoTime()));
                now = change.isPresent() ? change.get().operation() : now;
            }
        }
        return views.old(operations.get(operation.id(), client.caller()), client.can());
    }
}
