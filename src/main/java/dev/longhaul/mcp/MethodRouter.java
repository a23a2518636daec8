package dev.longhaul.mcp;

import dev.longhaul.mcp.resources.CompletionMethod;
import dev.longhaul.mcp.resources.PromptMethods;
import dev.longhaul.mcp.resources.ResourceMethods;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.streams.ListenMethod;
import dev.longhaul.mcp.tasks.LegacyTaskMethods;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.mcp.tools.ToolList;
import dev.longhaul.operation.Text;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which methods there are for whom.
@Component
class MethodRouter {

    private final ServerInfo introduction;
    private final SessionMethods sessions;
    private final ToolList tools;
    private final ToolCalls calls;
    private final TaskMethods tasks;
    private final LegacyTaskMethods oldTasks;
    private final ResourceMethods resources;
    private final PromptMethods prompts;
    private final CompletionMethod completion;
    private final ListenMethod listen;

    MethodRouter(ServerInfo introduction, SessionMethods sessions, ToolList tools, ToolCalls calls, TaskMethods tasks,
            LegacyTaskMethods oldTasks,
            ResourceMethods resources, PromptMethods prompts, CompletionMethod completion, ListenMethod listen) {
        this.introduction = introduction;
        this.sessions = sessions;
        this.tools = tools;
        this.calls = calls;
        this.tasks = tasks;
        this.oldTasks = oldTasks;
        this.resources = resources;
        this.prompts = prompts;
        this.completion = completion;
        this.listen = listen;
    }

    /// @return null: the answer comes by the exchange's stream, or by another
    /// @throws dev.longhaul.mcp.rpc.JsonRpcError if there is no such method, or it cannot be called so
    @Nullable ObjectNode call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var result = client.isModern() ? modern(request, client, exchange) : other(request, client, exchange);
        if (result != null && client.isModern()) {
            result.putIfAbsent("resultType", JsonNodeFactory.instance.stringNode("complete"));
            introduction.sign(result);
        }
        return result;
    }

    /// Every request says all about itself; there is no handshake, and what needed one is gone.
    private @Nullable ObjectNode modern(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        return switch (request.method()) {
            case "server/discover" -> introduction.discover();
            case "tasks/get" -> tasks.get(request.params(), client);
            case "tasks/update" -> tasks.update(request.params(), client);
            case "tasks/cancel" -> tasks.cancel(request.params(), client);
            case "subscriptions/listen" -> listen.open(request, client, exchange);
            default -> offered(request, client, exchange);
        };
    }

    /// Clients with a handshake, and those that name no revision at all.
    private @Nullable ObjectNode other(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        return switch (request.method()) {
            case "initialize" -> introduction.initialize(request.params());
            case "ping" -> JsonNodeFactory.instance.objectNode();
            case "logging/setLevel" -> sessions.setLevel(request.params(), client);
            case "resources/subscribe" -> sessions.subscribe(request.params(), client);
            case "resources/unsubscribe" -> sessions.unsubscribe(request.params(), client);
            case "tasks/get", "tasks/result", "tasks/list", "tasks/cancel" -> oldTask(request, client, exchange);
            default -> offered(request, client, exchange);
        };
    }

    private ObjectNode oldTask(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        if (!LegacyTaskMethods.isSpokenBy(client)) {
            throw client.noMethod("only MCP " + ProtocolRevision.V2025_11_25.word() + " and "
                    + ProtocolRevision.V2026_07_28.word() + " have tasks");
        }
        return switch (request.method()) {
            case "tasks/get" -> oldTasks.get(request.params(), client);
            case "tasks/result" -> oldTasks.result(request.params(), client, exchange);
            case "tasks/list" -> oldTasks.list(request.params(), client);
            default -> oldTasks.cancel(request.params(), client);
        };
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
