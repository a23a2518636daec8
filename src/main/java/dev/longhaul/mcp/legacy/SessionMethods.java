package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.resources.ResourceMethods;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.operation.Text;
import dev.longhaul.tool.ToolCall.Level;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Methods by which a client changes its session.
@Component
class SessionMethods {

    private static final int MOST_SUBSCRIPTIONS = 100;

    private final Sessions sessions;
    private final ResourceMethods resources;

    SessionMethods(Sessions sessions, ResourceMethods resources) {
        this.sessions = sessions;
        this.resources = resources;
    }

    ObjectNode setLevel(ObjectNode params, ClientProfile client) {
        var word = params.path("level").asString("");
        var level = Arrays.stream(Level.values()).filter(one -> one.word().equals(word)).findAny()
                .orElseThrow(() -> JsonRpcError.params(
                "level must be one of " + Arrays.stream(Level.values()).map(Level::word)
                .collect(Collectors.joining(", ")) + ", not " + Text.quoted(word)));
        sessions.setLogLevel(Session.of(client), level);
        return JsonNodeFactory.instance.objectNode();
    }

    ObjectNode subscribe(ObjectNode params, ClientProfile client) {
        var session = Session.of(client);
        var uri = resources.known(params, client);
        if (session.subscriptions().size() >= MOST_SUBSCRIPTIONS) {
            throw JsonRpcError.params("a session subscribes to at most " + MOST_SUBSCRIPTIONS + " resources");
        }
        sessions.subscribe(session, uri);
        return JsonNodeFactory.instance.objectNode();
    }

    ObjectNode unsubscribe(ObjectNode params, ClientProfile client) {
        if (!params.path("uri").isString()) {
            throw JsonRpcError.params("uri must be the URI of a resource");
        }
        sessions.unsubscribe(Session.of(client), params.path("uri").asString());
        return JsonNodeFactory.instance.objectNode();
    }
}
