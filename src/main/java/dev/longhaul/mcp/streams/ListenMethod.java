package dev.longhaul.mcp.streams;

import dev.longhaul.live.Feed;
import dev.longhaul.mcp.resources.ResourceMethods;
import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.Message;
import dev.longhaul.mcp.rpc.Operations;
import dev.longhaul.mcp.rpc.Refused;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tasks.TaskViews;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.Catalog;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `subscriptions/listen`: a stream of what a client asks to hear of, and of nothing else.
@Component
public class ListenMethod {

    private static final int MOST = 1_000;

    private final Feed feed;
    private final Catalog catalog;
    private final Operations operations;
    private final ResourceMethods resources;
    private final TaskViews views;
    private final McpSettings settings;
    private final JsonMapper json;

    ListenMethod(Feed feed, Catalog catalog, Operations operations, ResourceMethods resources, TaskViews views, McpSettings settings, JsonMapper json) {
        this.feed = feed;
        this.catalog = catalog;
        this.operations = operations;
        this.resources = resources;
        this.views = views;
        this.settings = settings;
        this.json = json;
    }

    /// @return null: the answer ends the stream, whenever that is
    public @Nullable ObjectNode open(Message.Request request, Client client, Exchange exchange) {
        var wishes = request.params().path("notifications");
        if (!wishes.isObject()) {
            throw Refused.params("notifications must be an object that says what to hear of");
        }
        if (!exchange.canStream()) {
            throw Refused.params("subscriptions/listen is answered by a stream: accept text/event-stream");
        }
        var tasks = tasks(texts(wishes, "taskIds"), client);
        var uris = new LinkedHashSet<>(texts(wishes, "resourceSubscriptions"));
        uris.removeIf(uri -> !resources.isKnown(uri));
        var lists = new LinkedHashSet<Catalog.Kind>();
        for (var kind : Catalog.Kind.values()) {
            if (wishes.path(ListChanges.wish(kind)).asBoolean(false)) {
                lists.add(kind);
            }
        }
        var listener = new Listening(request.id(), client, exchange, new Listening.Wishes(tasks, uris, lists), feed, catalog, operations, views, settings, json);
        exchange.detach("listener " + request.id(), listener::run);
        return null;
    }

    /// Those that there are, and for this client.
    private Set<OperationId> tasks(Set<String> ids, Client client) {
        if (!ids.isEmpty()) {
            TaskMethods.requireTasks(client);
        }
        var tasks = new LinkedHashSet<OperationId>();
        ids.forEach(id -> {
            try {
                operations.find(OperationId.parse(id), client.caller()).ifPresent(operation -> tasks.add(operation.id()));
            } catch (IllegalArgumentException unknown) {
                // not among those that are acknowledged
            }
        });
        return tasks;
    }

    private static Set<String> texts(JsonNode wishes, String name) {
        var texts = new LinkedHashSet<String>();
        var given = wishes.path(name);
        if (!given.isMissingNode() && (!given.isArray() || given.size() > MOST || given.valueStream().anyMatch(one -> !one.isString()))) {
            throw Refused.params("notifications." + name + " must be a list of at most " + MOST + " texts");
        }
        given.forEach(one -> texts.add(one.asString()));
        return texts;
    }
}
