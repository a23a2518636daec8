package dev.longhaul.mcp.tasks;

import dev.longhaul.live.Watchers;
import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.Heartbeat;
import dev.longhaul.mcp.rpc.Operations;
import dev.longhaul.mcp.rpc.Refused;
import dev.longhaul.mcp.rpc.Revision;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.WaitsFor;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.query.OperationList;
import dev.longhaul.query.Order;
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
public class OldTaskMethods {

    private static final int PAGE = 50;
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

    private final Operations operations;
    private final OperationStore store;
    private final OperationList list;
    private final Watchers watchers;
    private final TaskViews views;
    private final CallResults results;
    private final Elicitations elicitations;
    private final StreamedQuestions streamed;
    private final Heartbeat heartbeat;
    private final JsonMapper json;

    OldTaskMethods(Operations operations, OperationStore store, OperationList list, Watchers watchers, TaskViews views, CallResults results, Elicitations elicitations,
                   StreamedQuestions streamed, Heartbeat heartbeat, JsonMapper json) {
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

    public static boolean isSpokenBy(Client client) {
        return client.revision() == Revision.V2025_11_25;
    }

    /// Whether a call asks for a task.
    public static boolean asks(ObjectNode params, Client client) {
        return isSpokenBy(client) && params.path("task").isObject();
    }

    public static ObjectNode created(ObjectNode task) {
        var result = JsonNodeFactory.instance.objectNode();
        result.set("task", task);
        return result;
    }

    /// Says which task a message belongs to.
    static void relate(ObjectNode message, Operation operation) {
        message.withObject("_meta").putObject("io.modelcontextprotocol/related-task").put("taskId", operation.id().toString());
    }

    public ObjectNode get(ObjectNode params, Client client) {
        return views.old(TaskMethods.find(operations, params, client), client.can());
    }

    /// Waits for the end, and meanwhile asks what the operation asks.
    public ObjectNode result(ObjectNode params, Client client, Exchange exchange) throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        var questions = streamed.on(exchange, client);
        try (var watcher = watchers.watch(operation.id(), operation.version()); var _ = heartbeat.keep(exchange)) {
            while (!operation.isOver() && !watcher.isClosed()) {
                if (operation.waitsFor() == WaitsFor.ANSWER) {
                    questions.ask(operation, elicitations.open(operation, client.can()), true);
                }
                var change = watcher.next(Duration.ofMinutes(1));
                operation = change.isPresent() ? change.get().operation() : operation;
            }
        }
        var ended = operations.get(operation.id(), client.caller());
        if (!ended.isOver()) {
            throw new Refused(HttpStatus.OK, Refused.INTERNAL, "this node stops; ask for the result again");
        }
        CallResults.protocolError(ended, json).ifPresent(error -> {
            throw new Refused(HttpStatus.OK, error.path("code").asInt(), error.path("message").asString());
        });
        var result = results.ended(ended);
        relate(result, ended);
        return result;
    }

    /// Newest first.
    public ObjectNode list(ObjectNode params, Client client) {
        var found = list.page(Filter.ALL, Order.NEWEST_FIRST, cursor(params), PAGE);
        var result = json.createObjectNode();
        var tasks = result.putArray("tasks");
        for (var listed : allowed(found.operations(), client)) {
            tasks.add(views.old(listed, client.can()));
        }
        return found.next() == null ? result : result.put("nextCursor", found.next().toString());
    }

    private List<Operation> allowed(List<ListedOperation> found, Client client) {
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
            throw Refused.params("cursor must be a nextCursor of ours, not " + Text.quoted(params.path("cursor").toString()));
        }
    }

    /// The protocol wants it cancelled before the answer; a running task is waited for, for a while.
    public ObjectNode cancel(ObjectNode params, Client client) throws InterruptedException {
        var operation = TaskMethods.find(operations, params, client);
        if (operation.isOver()) {
            throw Refused.params("task " + operation.id() + " is " + operation.status().word() + " already");
        }
        var until = System.nanoTime() + CANCEL_PATIENCE.toNanos();
        try (var watcher = watchers.watch(operation.id(), operation.version())) {
            var now = store.cancel(operation.id(), "cancelled by its client", client.caller()).orElse(operation);
            while (now.status() == Status.RUNNING && System.nanoTime() < until && !watcher.isClosed()) {
                var change = watcher.next(Duration.ofNanos(until - System.nanoTime()));
                now = change.isPresent() ? change.get().operation() : now;
            }
        }
        return views.old(operations.get(operation.id(), client.caller()), client.can());
    }
}
