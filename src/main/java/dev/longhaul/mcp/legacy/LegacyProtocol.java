package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.ServerInfo;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.SessionProtocol;
import dev.longhaul.operation.Caller;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.ToolCall.Level;
import dev.longhaul.types.InvalidInput;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The revisions before 2026-07-28, as the rest of `mcp` sees them.
@Component
class LegacyProtocol implements SessionProtocol {

    private final Sessions sessions;
    private final SessionMethods sessionMethods;
    private final LegacyTaskMethods tasks;
    private final Cancellations cancellations;
    private final ServerRequests serverRequests;
    private final StreamedElicitations elicitations;
    private final ServerInfo serverInfo;
    private final ObjectProvider<Batches> batches;

    LegacyProtocol(Sessions sessions, SessionMethods sessionMethods, LegacyTaskMethods tasks,
            Cancellations cancellations, ServerRequests serverRequests, StreamedElicitations elicitations,
            ServerInfo serverInfo, ObjectProvider<Batches> batches) {
        this.sessions = sessions;
        this.sessionMethods = sessionMethods;
        this.tasks = tasks;
        this.cancellations = cancellations;
        this.serverRequests = serverRequests;
        this.elicitations = elicitations;
        this.serverInfo = serverInfo;
        this.batches = batches;
    }

    @Override
    public ClientProfile client(boolean initializes, @Nullable ProtocolRevision named, McpExchange exchange,
            Caller caller) {
        var token = exchange.header("Mcp-Session-Id");
        if (token.isEmpty() || initializes) {
            return new ClientProfile(named, Set.of(), null, caller, named == null ? null : Level.INFO,
                    exchange.origin());
        }
        var session = sessions.get(token);
        return new ClientProfile(session.revision(), session.can(), session, caller,
                session.logLevel() == null ? Level.INFO : session.logLevel(), exchange.origin());
    }

    @Override
    public Optional<ObjectNode> call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var params = request.params();
        return Optional.ofNullable(switch (request.method()) {
            case "initialize" -> initialize(params, exchange);
            case "ping" -> JsonNodeFactory.instance.objectNode();
            case "logging/setLevel" -> sessionMethods.setLevel(params, client);
            case "resources/subscribe" -> sessionMethods.subscribe(params, client);
            case "resources/unsubscribe" -> sessionMethods.unsubscribe(params, client);
            case "tasks/get", "tasks/result", "tasks/list", "tasks/cancel" -> tasks.call(request, client, exchange);
            default -> null;
        });
    }

    /// The agreed revision and the client's capabilities are in the session's id, and stored nowhere.
    private ObjectNode initialize(ObjectNode params, McpExchange exchange) {
        if (!params.path("protocolVersion").isString()) {
            throw JsonRpcError.params("protocolVersion must be a string such as \""
                    + ProtocolRevision.V2025_11_25.word() + "\"");
        }
        // the newest of these revisions, for a client that asks for an unknown one
        var agreed = ProtocolRevision.find(params.path("protocolVersion").asString())
                .filter(ProtocolRevision::hasHandshake).orElse(ProtocolRevision.V2025_11_25);
        var result = JsonNodeFactory.instance.objectNode().put("protocolVersion", agreed.word());
        var capabilities = serverInfo.capabilities();
        capabilities.putObject("logging");
        if (agreed.isAtLeast(ProtocolRevision.V2025_11_25)) {
            var taskCapability = capabilities.putObject("tasks");
            taskCapability.putObject("list");
            taskCapability.putObject("cancel");
            taskCapability.putObject("requests").putObject("tools").putObject("call");
        }
        result.set("capabilities", capabilities);
        exchange.setHeader("Mcp-Session-Id",
                sessions.begin(agreed, ClientProfile.capabilities(params.path("capabilities"), agreed)));
        return serverInfo.introduced(result);
    }

    /// Only a cancellation has an effect.
    @Override
    public void notified(JsonRpcMessage.Request notification, ClientProfile client) {
        if (notification.method().equals("notifications/cancelled") && client.session() instanceof Session session) {
            cancellations.cancel(session, notification.params().path("requestId"));
        }
    }

    @Override
    public void responded(JsonRpcMessage.Response response, ClientProfile client) {
        try {
            if (!elicitations.take(response.id(), response.result(), client.caller())
                    && !serverRequests.keep(response.id(), response.result())) {
                throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST,
                        "the service has sent no request with this id");
            }
        } catch (InvalidInput | IllegalArgumentException unfit) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.BAD_PARAMS, String.valueOf(unfit.getMessage()));
        }
    }

    @Override
    public boolean answeredBatch(ArrayNode batch, McpExchange exchange, Caller caller) {
        var named = ProtocolRevision.find(exchange.header("MCP-Protocol-Version")).orElse(null);
        if (client(false, named, exchange, caller).revision() != ProtocolRevision.V2025_03_26) {
            return false;
        }
        batches.getObject().answer(batch, exchange, caller);
        return true;
    }

    @Override
    public Optional<Map<String, JsonNode>> ask(InputRequired required, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        return serverRequests.ask(required, client, exchange);
    }
}
