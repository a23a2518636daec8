package dev.longhaul.mcp;

import dev.longhaul.mcp.resources.CompletionMethod;
import dev.longhaul.mcp.resources.PromptMethods;
import dev.longhaul.mcp.resources.ResourceMethods;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.SessionProtocol;
import dev.longhaul.mcp.streams.ListenMethod;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.mcp.tools.ToolList;
import dev.longhaul.operation.Text;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Calls the method that a request names, if its client's revision has it.
@Component
class MethodRouter {

    private final ServerInfo serverInfo;
    private final ObjectProvider<SessionProtocol> sessions;
    private final ToolList tools;
    private final ToolCalls calls;
    private final TaskMethods tasks;
    private final ResourceMethods resources;
    private final PromptMethods prompts;
    private final CompletionMethod completion;
    private final ListenMethod listen;

    MethodRouter(ServerInfo serverInfo, ObjectProvider<SessionProtocol> sessions, ToolList tools, ToolCalls calls,
            TaskMethods tasks, ResourceMethods resources, PromptMethods prompts, CompletionMethod completion,
            ListenMethod listen) {
        this.serverInfo = serverInfo;
        this.sessions = sessions;
        this.tools = tools;
        this.calls = calls;
        this.tasks = tasks;
        this.resources = resources;
        this.prompts = prompts;
        this.completion = completion;
        this.listen = listen;
    }

    /// @return null: the response comes on a stream
    /// @throws dev.longhaul.mcp.rpc.JsonRpcError if there is no such method, or its parameters are invalid
    @Nullable ObjectNode call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var result = client.isModern() ? modern(request, client, exchange) : other(request, client, exchange);
        if (result != null && client.isModern()) {
            result.putIfAbsent("resultType", JsonNodeFactory.instance.stringNode("complete"));
            serverInfo.sign(result);
        }
        return result;
    }

    private @Nullable ObjectNode modern(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        return switch (request.method()) {
            case "server/discover" -> serverInfo.discover();
            case "tasks/get" -> tasks.get(request.params(), client);
            case "tasks/update" -> tasks.update(request.params(), client);
            case "tasks/cancel" -> tasks.cancel(request.params(), client);
            case "subscriptions/listen" -> listen.open(request, client, exchange);
            default -> offered(request, client, exchange);
        };
    }

    /// Clients of revisions with sessions, and clients that name no revision.
    private @Nullable ObjectNode other(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var protocol = sessions.getIfAvailable();
        var result = protocol == null ? Optional.<ObjectNode>empty() : protocol.call(request, client, exchange);
        return result.isPresent() ? result.get() : offered(request, client, exchange);
    }

    private @Nullable ObjectNode offered(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        return switch (request.method()) {
            case "tools/list" -> tools.list(request.params(), client);
            case "tools/call" -> calls.call(request, client, exchange);
            case "resources/list" -> resources.list(request.params(), client);
            case "resources/templates/list" -> resources.templates(request.params());
            case "resources/read" -> resources.read(request, client, exchange);
            case "prompts/list" -> prompts.list(request.params());
            case "prompts/get" -> prompts.get(request, client, exchange);
            case "completion/complete" -> completion.complete(request.params(), client);
            default -> throw client.noMethod("there is no method " + Text.quoted(request.method())
                    + (client.isPlain() ? "; there are initialize, ping, tools/list and tools/call" : ""));
        };
    }
}
