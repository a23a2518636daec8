package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.Cancellations;
import dev.longhaul.mcp.rpc.ClientDisconnected;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.ServerRequests;
import dev.longhaul.mcp.rpc.Sessions;
import dev.longhaul.mcp.streams.SessionStreams;
import dev.longhaul.mcp.tasks.StreamedElicitations;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.operation.Caller;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.types.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// HTTP in, JSON-RPC out. Reads and writes the bytes itself: what the framework would make of half of the bad inputs is
/// a 500.
@RestController
class McpController {

    private static final Logger log = LoggerFactory.getLogger(McpController.class);
    private static final int LARGEST_BATCH = 50;

    private final MethodRouter methods;
    private final ClientResolver clients;
    private final Sessions sessions;
    private final ServerRequests answers;
    private final StreamedElicitations questions;
    private final Cancellations cancellations;
    private final SessionStreams standing;
    private final ToolCalls calls;
    private final SingleLineJson json;

    McpController(MethodRouter methods, ClientResolver clients, Sessions sessions, ServerRequests answers,
            StreamedElicitations questions, Cancellations cancellations,
                  SessionStreams standing, ToolCalls calls, SingleLineJson json) {
        this.methods = methods;
        this.clients = clients;
        this.sessions = sessions;
        this.answers = answers;
        this.questions = questions;
        this.cancellations = cancellations;
        this.standing = standing;
        this.calls = calls;
        this.json = json;
    }

    /// One JSON-RPC message, or a batch of MCP 2025-03-26. 200: its result, or an error of its parameters; 202: it was
    /// a notification or a response; 400: not JSON, not JSON-RPC, or headers that say something else; 404: no such
    /// method, or the session is over; 413, 415: too large, not JSON; 503: the database is away.
    @PostMapping("/mcp")
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.of(request, response, json);
        var caller = new Caller("client " + request.getRemoteAddr(), "mcp");
        JsonNode message = null;
        try {
            message = RequestReader.read(request);
            if (message instanceof ArrayNode batch && isBatched(exchange, caller)) {
                batch(batch, exchange, McpExchange.withoutStream(request, response, json), caller, response);
                return;
            }
            switch (JsonRpcMessage.parse(message)) {
                case JsonRpcMessage.Request rpc when rpc.id() != null -> {
                    var answer = answer(rpc, exchange, caller, response);
                    if (answer != null) {
                        exchange.finish(HttpStatus.OK, null, answer);
                    }
                }
                case JsonRpcMessage.Request notification -> {
                    hear(notification, clients.of(exchange, caller));
                    response.setStatus(HttpServletResponse.SC_ACCEPTED);
                }
                case JsonRpcMessage.Response said -> {
                    take(said, clients.of(exchange, caller));
                    response.setStatus(HttpServletResponse.SC_ACCEPTED);
                }
            }
        } catch (ClientDisconnected gone) {
            log.debug("a client has gone: {}", gone.getMessage());
        } catch (RuntimeException failed) {
            refuse(message, failed, exchange, response);
        }
    }

    private @Nullable ObjectNode answer(JsonRpcMessage.Request rpc, McpExchange exchange, Caller caller,
            HttpServletResponse response) {
        try {
            var client = clients.of(rpc, exchange, caller);
            if (client.isModern() && rpc.method().equals("initialize")) {
                throw client.noMethod("there is no handshake in MCP " + ProtocolRevision.V2026_07_28.word());
            }
            var result = methods.call(rpc, client, exchange);
            if (result != null && rpc.method().equals("initialize")) {
                var agreed = ServerInfo.agreed(rpc.params());
                response.setHeader("Mcp-Session-Id",
                        sessions.begin(agreed, ClientProfile.capabilities(rpc.params().path("capabilities"), agreed)));
            }
            return result == null ? null : (ObjectNode) begun(rpc.id()).set("result", result);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JsonRpcError(HttpStatus.SERVICE_UNAVAILABLE, JsonRpcError.INTERNAL, "this node stops; ask again");
        }
    }

    private boolean isBatched(McpExchange exchange, Caller caller) {
        return clients.of(exchange, caller).revision() == ProtocolRevision.V2025_03_26;
    }

    private void batch(ArrayNode batch, McpExchange whole, McpExchange each, Caller caller,
            HttpServletResponse response) {
        if (batch.isEmpty() || batch.size() > LARGEST_BATCH) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST, "a batch has 1 to " + LARGEST_BATCH
                    + " messages, not " + batch.size());
        }
        var answers = JsonNodeFactory.instance.arrayNode();
        for (var message : batch) {
            try {
                switch (JsonRpcMessage.parse(message)) {
                    case JsonRpcMessage.Request rpc when rpc.method().equals("initialize") ->
                            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.NO_REQUEST,
                                    "initialize must not be part of a batch");
                    case JsonRpcMessage.Request rpc when rpc.id()
                            != null -> answers.add(answer(rpc, each, caller, response));
                    case JsonRpcMessage.Request notification -> hear(notification, clients.of(each, caller));
                    case JsonRpcMessage.Response said -> take(said, clients.of(each, caller));
                }
            } catch (JsonRpcError refused) {
                answers.add(error(message, each, refused.code(), String.valueOf(refused.getMessage()), refused.data()));
            }
        }
        if (answers.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
        } else {
            whole.finish(HttpStatus.OK, null, answers);
        }
    }

    /// Of what clients tell, only that they want a call no more means something to us.
    private void hear(JsonRpcMessage.Request notification, ClientProfile client) {
        if (notification.method().equals("notifications/cancelled") && client.session() != null) {
            cancellations.cancel(client.session(), notification.params().path("requestId"));
        }
    }

    private void take(JsonRpcMessage.Response said, ClientProfile client) {
        if (client.isModern()) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST, "MCP "
                    + ProtocolRevision.V2026_07_28.word() + " has no responses of clients");
        }
        try {
            if (!questions.take(said.id(), said.result(), client.caller()) && !answers.keep(said.id(), said.result())) {
                throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST,
                        "there was no request of ours with this id");
            }
        } catch (InvalidInput | IllegalArgumentException unfit) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.BAD_PARAMS, String.valueOf(unfit.getMessage()));
        }
    }

    /// The stream of a session of a handshake revision, or the rest of a call's stream. 405: there is no session to
    /// have one for.
    @GetMapping("/mcp")
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.of(request, response, json);
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty() || !exchange.canStream()) {
                response.setHeader("Allow", "POST");
                throw new JsonRpcError(HttpStatus.METHOD_NOT_ALLOWED, JsonRpcError.NO_REQUEST,
                        "a GET is for clients with an Mcp-Session-Id that accept text/event-stream");
            }
            var client = clients.of(exchange, new Caller("client " + request.getRemoteAddr(), "mcp"));
            if (exchange.header("Last-Event-ID").isEmpty()) {
                standing.open(client, exchange);
                return;
            }
            var answer = calls.resume(exchange.header("Last-Event-ID"), client, exchange);
            if (answer != null) {
                exchange.finish(HttpStatus.OK, null, answer);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ClientDisconnected gone) {
            log.debug("a client has gone: {}", gone.getMessage());
        } catch (RuntimeException failed) {
            refuse(null, failed, exchange, response);
        }
    }

    /// Ends a session. 405: there is none.
    @DeleteMapping("/mcp")
    void delete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = McpExchange.withoutStream(request, response, json);
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty()) {
                response.setHeader("Allow", "POST");
                throw new JsonRpcError(HttpStatus.METHOD_NOT_ALLOWED, JsonRpcError.NO_REQUEST,
                        "a DELETE ends the session of an Mcp-Session-Id");
            }
            sessions.end(clients.session(exchange.header("Mcp-Session-Id")));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } catch (RuntimeException failed) {
            refuse(null, failed, exchange, response);
        }
    }

    private static void refuse(@Nullable JsonNode message, RuntimeException failed, McpExchange exchange,
            HttpServletResponse response) {
        switch (failed) {
            case JsonRpcError refused -> exchange.finish(refused.status(), null,
                    error(message, exchange, refused.code(), String.valueOf(refused.getMessage()), refused.data()));
            case DataAccessException away -> unavailable(message, away, exchange, response);
            case CannotCreateTransactionException away -> unavailable(message, away, exchange, response);
            default -> {
                log.error("a defect met while answering", failed);
                exchange.finish(HttpStatus.INTERNAL_SERVER_ERROR, null, error(message, exchange, JsonRpcError.INTERNAL,
                        "a defect of this service; its log says more", null));
            }
        }
    }

    private static void unavailable(@Nullable JsonNode message, RuntimeException away, McpExchange exchange,
            HttpServletResponse response) {
        log.warn("answered 503: {}", away.getMessage());
        response.setHeader("Retry-After", "1");
        exchange.finish(HttpStatus.SERVICE_UNAVAILABLE, null,
                error(message, exchange, JsonRpcError.INTERNAL, "the database is away; ask again in a moment", null));
    }

    private static ObjectNode begun(JsonNode id) {
        return (ObjectNode) JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").set("id", id);
    }

    /// Where no id can be read, JSON-RPC 2.0 wants null, and MCP since 2025-11-25 none.
    private static ObjectNode error(@Nullable JsonNode message, McpExchange exchange, int code, String text,
            @Nullable JsonNode data) {
        var id = message == null ? null : JsonRpcMessage.idOf(message);
        var answer = begun(id == null ? JsonNodeFactory.instance.nullNode() : id);
        if (id == null && ProtocolRevision.find(exchange.header("MCP-Protocol-Version"))
                .filter(named -> named.isAtLeast(ProtocolRevision.V2025_11_25)).isPresent()) {
            answer.remove("id");
        }
        var error = answer.putObject("error").put("code", code).put("message", text);
        if (data != null) {
            error.set("data", data);
        }
        return answer;
    }
}
