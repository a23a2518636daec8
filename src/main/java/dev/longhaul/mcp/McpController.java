package dev.longhaul.mcp;

import dev.longhaul.dialect.JsonLine;
import dev.longhaul.mcp.rpc.Cancellations;
import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.ClientAnswers;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.Gone;
import dev.longhaul.mcp.rpc.Message;
import dev.longhaul.mcp.rpc.Refused;
import dev.longhaul.mcp.rpc.Revision;
import dev.longhaul.mcp.rpc.Sessions;
import dev.longhaul.mcp.streams.StandingStreams;
import dev.longhaul.mcp.tasks.StreamedQuestions;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.operation.Caller;
import dev.longhaul.task.InvalidInput;
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

/// HTTP in, JSON-RPC out. Reads and writes the bytes itself: what the framework would make of half of the bad inputs is a 500.
@RestController
class McpController {

    private static final Logger log = LoggerFactory.getLogger(McpController.class);
    private static final int LARGEST_BATCH = 50;

    private final Methods methods;
    private final Clients clients;
    private final Sessions sessions;
    private final ClientAnswers answers;
    private final StreamedQuestions questions;
    private final Cancellations cancellations;
    private final StandingStreams standing;
    private final ToolCalls calls;
    private final JsonLine json;

    McpController(Methods methods, Clients clients, Sessions sessions, ClientAnswers answers, StreamedQuestions questions, Cancellations cancellations,
                  StandingStreams standing, ToolCalls calls, JsonLine json) {
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

    /// One JSON-RPC message, or a batch of MCP 2025-03-26. 200: its result, or an error of its parameters; 202: it was a notification or a response; 400:
    /// not JSON, not JSON-RPC, or headers that say something else; 404: no such method, or the session is over; 413, 415: too large, not JSON; 503: the
    /// database is away.
    @PostMapping("/mcp")
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = Exchange.of(request, response, json);
        var caller = new Caller("client " + request.getRemoteAddr(), "mcp");
        JsonNode message = null;
        try {
            message = FrontDoor.read(request);
            if (message instanceof ArrayNode batch && isBatched(exchange, caller)) {
                batch(batch, exchange, Exchange.withoutStream(request, response, json), caller, response);
                return;
            }
            switch (Message.parse(message)) {
                case Message.Request rpc when rpc.id() != null -> {
                    var answer = answer(rpc, exchange, caller, response);
                    if (answer != null) {
                        exchange.finish(HttpStatus.OK, null, answer);
                    }
                }
                case Message.Request notification -> {
                    hear(notification, clients.of(exchange, caller));
                    response.setStatus(HttpServletResponse.SC_ACCEPTED);
                }
                case Message.Response said -> {
                    take(said, clients.of(exchange, caller));
                    response.setStatus(HttpServletResponse.SC_ACCEPTED);
                }
            }
        } catch (Gone gone) {
            log.debug("a client has gone: {}", gone.getMessage());
        } catch (RuntimeException failed) {
            refuse(message, failed, exchange, response);
        }
    }

    private @Nullable ObjectNode answer(Message.Request rpc, Exchange exchange, Caller caller, HttpServletResponse response) {
        try {
            var client = clients.of(rpc, exchange, caller);
            if (client.isModern() && rpc.method().equals("initialize")) {
                throw client.noMethod("there is no handshake in MCP " + Revision.V2026_07_28.word());
            }
            var result = methods.call(rpc, client, exchange);
            if (result != null && rpc.method().equals("initialize")) {
                var agreed = Introduction.agreed(rpc.params());
                response.setHeader("Mcp-Session-Id", sessions.begin(agreed, Client.capabilities(rpc.params().path("capabilities"), agreed)));
            }
            return result == null ? null : (ObjectNode) begun(rpc.id()).set("result", result);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refused(HttpStatus.SERVICE_UNAVAILABLE, Refused.INTERNAL, "this node stops; ask again");
        }
    }

    private boolean isBatched(Exchange exchange, Caller caller) {
        return clients.of(exchange, caller).revision() == Revision.V2025_03_26;
    }

    private void batch(ArrayNode batch, Exchange whole, Exchange each, Caller caller, HttpServletResponse response) {
        if (batch.isEmpty() || batch.size() > LARGEST_BATCH) {
            throw new Refused(HttpStatus.BAD_REQUEST, Refused.NO_REQUEST, "a batch has 1 to " + LARGEST_BATCH + " messages, not " + batch.size());
        }
        var answers = JsonNodeFactory.instance.arrayNode();
        for (var message : batch) {
            try {
                switch (Message.parse(message)) {
                    case Message.Request rpc when rpc.method().equals("initialize") ->
                            throw new Refused(HttpStatus.OK, Refused.NO_REQUEST, "initialize must not be part of a batch");
                    case Message.Request rpc when rpc.id() != null -> answers.add(answer(rpc, each, caller, response));
                    case Message.Request notification -> hear(notification, clients.of(each, caller));
                    case Message.Response said -> take(said, clients.of(each, caller));
                }
            } catch (Refused refused) {
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
    private void hear(Message.Request notification, Client client) {
        if (notification.method().equals("notifications/cancelled") && client.session() != null) {
            cancellations.cancel(client.session(), notification.params().path("requestId"));
        }
    }

    private void take(Message.Response said, Client client) {
        if (client.isModern()) {
            throw new Refused(HttpStatus.BAD_REQUEST, Refused.NO_REQUEST, "MCP " + Revision.V2026_07_28.word() + " has no responses of clients");
        }
        try {
            if (!questions.take(said.id(), said.result(), client.caller()) && !answers.keep(said.id(), said.result())) {
                throw new Refused(HttpStatus.BAD_REQUEST, Refused.NO_REQUEST, "there was no request of ours with this id");
            }
        } catch (InvalidInput | IllegalArgumentException unfit) {
            throw new Refused(HttpStatus.BAD_REQUEST, Refused.BAD_PARAMS, String.valueOf(unfit.getMessage()));
        }
    }

    /// The stream of a session of a handshake revision, or the rest of a call's stream. 405: there is no session to have one for.
    @GetMapping("/mcp")
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = Exchange.of(request, response, json);
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty() || !exchange.canStream()) {
                response.setHeader("Allow", "POST");
                throw new Refused(HttpStatus.METHOD_NOT_ALLOWED, Refused.NO_REQUEST, "a GET is for clients with an Mcp-Session-Id that accept text/event-stream");
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
        } catch (Gone gone) {
            log.debug("a client has gone: {}", gone.getMessage());
        } catch (RuntimeException failed) {
            refuse(null, failed, exchange, response);
        }
    }

    /// Ends a session. 405: there is none.
    @DeleteMapping("/mcp")
    void delete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var exchange = Exchange.withoutStream(request, response, json);
        try {
            if (exchange.header("Mcp-Session-Id").isEmpty()) {
                response.setHeader("Allow", "POST");
                throw new Refused(HttpStatus.METHOD_NOT_ALLOWED, Refused.NO_REQUEST, "a DELETE ends the session of an Mcp-Session-Id");
            }
            sessions.end(clients.session(exchange.header("Mcp-Session-Id")));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } catch (RuntimeException failed) {
            refuse(null, failed, exchange, response);
        }
    }

    private static void refuse(@Nullable JsonNode message, RuntimeException failed, Exchange exchange, HttpServletResponse response) {
        switch (failed) {
            case Refused refused -> exchange.finish(refused.status(), null, error(message, exchange, refused.code(), String.valueOf(refused.getMessage()), refused.data()));
            case DataAccessException away -> unavailable(message, away, exchange, response);
            case CannotCreateTransactionException away -> unavailable(message, away, exchange, response);
            default -> {
                log.error("a defect met while answering", failed);
                exchange.finish(HttpStatus.INTERNAL_SERVER_ERROR, null, error(message, exchange, Refused.INTERNAL, "a defect of this service; its log says more", null));
            }
        }
    }

    private static void unavailable(@Nullable JsonNode message, RuntimeException away, Exchange exchange, HttpServletResponse response) {
        log.warn("answered 503: {}", away.getMessage());
        response.setHeader("Retry-After", "1");
        exchange.finish(HttpStatus.SERVICE_UNAVAILABLE, null, error(message, exchange, Refused.INTERNAL, "the database is away; ask again in a moment", null));
    }

    private static ObjectNode begun(JsonNode id) {
        return (ObjectNode) JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").set("id", id);
    }

    /// Where no id can be read, JSON-RPC 2.0 wants null, and MCP since 2025-11-25 none.
    private static ObjectNode error(@Nullable JsonNode message, Exchange exchange, int code, String text, @Nullable JsonNode data) {
        var id = message == null ? null : Message.idOf(message);
        var answer = begun(id == null ? JsonNodeFactory.instance.nullNode() : id);
        if (id == null && Revision.find(exchange.header("MCP-Protocol-Version")).filter(named -> named.isAtLeast(Revision.V2025_11_25)).isPresent()) {
            answer.remove("id");
        }
        var error = answer.putObject("error").put("code", code).put("message", text);
        if (data != null) {
            error.set("data", data);
        }
        return answer;
    }
}
