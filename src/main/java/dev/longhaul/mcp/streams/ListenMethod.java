package dev.longhaul.mcp.streams;

import dev.longhaul.live.ChangeFeed;
import dev.longhaul.mcp.resources.ResourceMethods;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tasks.TaskView;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.ToolCatalog;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `subscriptions/listen`: a stream of the notifications that a client subscribes to.
@Component
public class ListenMethod {

    private static final int MOST = 1_000;

    private final ChangeFeed feed;
    private final ToolCatalog catalog;
    private final VisibleOperations operations;
    private final ResourceMethods resources;
    private final TaskView views;
    private final McpSettings settings;
    private final JsonMapper json;

    ListenMethod(ChangeFeed feed, ToolCatalog catalog, VisibleOperations operations, ResourceMethods resources,
            TaskView views, McpSettings settings, JsonMapper json) {
        this.feed = feed;
        this.catalog = catalog;
        this.operations = operations;
        this.resources = resources;
        this.views = views;
        this.settings = settings;
        this.json = json;
    }

    /// @return null: the response ends the stream
    public @Nullable ObjectNode open(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        var wishes = request.params().path("notifications");
        if (!wishes.isObject()) {
            throw JsonRpcError.params("notifications must be an object");
        }
        if (!exchange.canStream()) {
            throw JsonRpcError.params("subscriptions/listen responds with a stream: accept text/event-stream");
        }
        var tasks = tasks(texts(wishes, "taskIds"), client);
        var uris = new LinkedHashSet<>(texts(wishes, "resourceSubscriptions"));
        uris.removeIf(uri -> !resources.isKnown(uri));
        var lists = new LinkedHashSet<ToolCatalog.Kind>();
        for (var kind : ToolCatalog.Kind.values()) {
            if (wishes.path(ListChangeTracker.wish(kind)).asBoolean(false)) {
                lists.add(kind);
            }
        }
        var listener = new SubscriptionStream(request.id(), client, exchange,
                new SubscriptionStream.Wishes(tasks, uris, lists), feed, catalog, operations, views, settings, json);
        exchange.detach("listener " + request.id(), listener::run);
        return null;
    }

    /// The existing ones that the client may see.
    private Set<OperationId> tasks(Set<String> ids, ClientProfile client) {
        if (!ids.isEmpty()) {
            TaskMethods.requireTasks(client);
        }
        var tasks = new LinkedHashSet<OperationId>();
        ids.forEach(id -> {
            try {
                operations.find(OperationId.parse(id), client.caller())
                        .ifPresent(operation -> tasks.add(operation.id()));
            } catch (IllegalArgumentException unknown) {
                // not acknowledged
            }
        });
        return tasks;
    }

    private static Set<String> texts(JsonNode wishes, String name) {
        var texts = new LinkedHashSet<String>();
        var given = wishes.path(name);
        if (!given.isMissingNode()
                && (!given.isArray() || given.size() > MOST || given.valueStream().anyMatch(one -> !one.isString()))) {
            throw JsonRpcError.params("notifications." + name + " must be a list of at most " + MOST + " texts");
        }
        given.forEach(one -> texts.add(one.asString()));
        return texts;
    }
}
