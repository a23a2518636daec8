package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.Gone;
import dev.longhaul.mcp.rpc.Heartbeat;
import dev.longhaul.mcp.rpc.Message;
import dev.longhaul.mcp.rpc.NoSuchOperation;
import dev.longhaul.mcp.rpc.Refused;
import dev.longhaul.mcp.rpc.Rounds;
import dev.longhaul.mcp.rpc.Told;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.IdempotencyConflict;
import dev.longhaul.task.InputTypes;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.task.UnknownType;
import dev.longhaul.tool.Answer;
import dev.longhaul.tool.Handover;
import dev.longhaul.tool.MissingCapability;
import dev.longhaul.tool.Needs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `tools/call`.
@Component
public class ToolCalls {

    private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);
    private static final int MOST_ROUNDS = 20;

    private final ToolList tools;
    private final OperationCalls operationCalls;
    private final Rounds rounds;
    private final Heartbeat heartbeat;
    private final InputTypes inputs;
    private final ToolResults results;
    private final Places places;

    ToolCalls(ToolList tools, OperationCalls operationCalls, Rounds rounds, Heartbeat heartbeat, InputTypes inputs, ToolResults results, Places places) {
        this.tools = tools;
        this.operationCalls = operationCalls;
        this.rounds = rounds;
        this.heartbeat = heartbeat;
        this.inputs = inputs;
        this.results = results;
        this.places = places;
    }

    /// @return null: the connection is given back, and the client comes for the rest
    public @Nullable ObjectNode call(Message.Request request, Client client, Exchange exchange) {
        var params = request.params();
        if (!params.path("name").isString()) {
            throw Refused.params("params.name must be the name of a tool");
        }
        if (params.has("arguments") && !params.path("arguments").isObject()) {
            throw Refused.params("params.arguments must be an object");
        }
        var name = params.path("name").asString();
        var arguments = params.path("arguments") instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode();
        var entry = tools.find(name);
        if (entry.isEmpty()) {
            var unknown = "there is no tool " + Text.quoted(name) + "; there are " + String.join(", ", tools.names());
            if (!client.isPlain()) {
                throw Refused.params(unknown);
            }
            return results.failed(unknown, true);
        }
        if (client.isModern()) {
            MirroredArguments.check(entry.get().inputSchema(), arguments, exchange);
        }
        var call = new CallContext(client, exchange, request.meta(), inputs);
        var subject = Rounds.subject("tools/call", name, arguments);
        var state = rounds.state(params, subject);
        var answers = rounds.answers(params);
        var thread = Thread.currentThread();
        exchange.onGone(client.isModern() ? thread::interrupt : null);   // earlier revisions: a lost connection cancels nothing
        try (var _ = client.isPlain() ? null : heartbeat.keep(exchange)) {   // the reference's clients read one JSON
            StorableJson.required("arguments", arguments);
            if (operationCalls.isContinued(state)) {
                return operationCalls.goOn(state, answers, new OperationCalls.Circumstances(request, client, exchange, call, subject));
            }
            call.goOn(answers, state);
            return rounds(entry.get(), arguments, new OperationCalls.Circumstances(request, client, exchange, call, subject));
        } catch (Refused | Gone | DataAccessException | CannotCreateTransactionException notOfTheTool) {
            throw notOfTheTool;
        } catch (MissingCapability missing) {
            if (client.isModern()) {
                throw Refused.capability(String.valueOf(missing.getMessage()), Client.declared(missing.capability(), JsonNodeFactory.instance.objectNode()));
            }
            return results.failed(String.valueOf(missing.getMessage()), client.isPlain());
        } catch (IllegalArgumentException | InvalidInput | UnknownType | IdempotencyConflict | NoSuchOperation wrong) {
            return results.failed(String.valueOf(wrong.getMessage()), isEnveloped(entry.get(), client));
        } catch (InterruptedException stopped) {
            return interrupted(exchange);
        } catch (Exception broken) {
            if (isEnveloped(entry.get(), client)) {
                throw broken instanceof RuntimeException ours ? ours : new IllegalStateException(broken);
            }
            log.warn("tool {} failed", name, broken);
            return results.failed(Told.of(broken, "the tool failed"), false);
        } finally {
            exchange.onGone(null);
        }
    }

    /// Goes on with a call whose connection was lost or given back: the rest of its stream, by another.
    ///
    /// @return the JSON-RPC answer; null: the client has to come again
    /// @throws Refused if the place is not one of this session's streams
    public @Nullable ObjectNode resume(String eventId, Client client, Exchange exchange) throws InterruptedException {
        var place = places.find(eventId, client).orElseThrow(() -> new Refused(HttpStatus.BAD_REQUEST, Refused.NO_REQUEST,
                "Last-Event-ID is not the id of an event of this session"));
        var params = inputs.json().createObjectNode();
        params.putObject("_meta").set("progressToken", place.token());
        var request = new Message.Request(place.requestId(), "tools/call", params);
        exchange.open();
        try (var _ = heartbeat.keep(exchange)) {
            var answer = inputs.json().createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", place.requestId());
            var result = operationCalls.resume(place.operation(), new OperationCalls.Circumstances(request, client, exchange,
                    new CallContext(client, exchange, request.meta(), inputs), ""));
            return result == null ? null : (ObjectNode) answer.set("result", result);
        }
    }

    private @Nullable ObjectNode rounds(ToolList.Entry entry, ObjectNode arguments, OperationCalls.Circumstances now) throws Exception {
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var reply = entry.call(arguments, now.call());
            switch (reply) {
                case Needs needs -> {
                    if (now.client().isModern()) {
                        return rounds.required(rounds.requests(needs, now.client()), now.subject(), needs.state() == null ? null : inputs.json().valueToTree(needs.state()));
                    }
                    if (!now.exchange().canStream()) {
                        return results.failed("this tool has to ask; accept text/event-stream, so that it can", isEnveloped(entry, now.client()));
                    }
                    var answers = rounds.ask(needs, now.client(), now.exchange());
                    if (answers.isEmpty()) {
                        return results.failed("the client could not answer what the tool asked", isEnveloped(entry, now.client()));
                    }
                    now.call().goOn(answers.get(), needs.state() == null ? null : inputs.json().valueToTree(needs.state()));
                }
                case Handover handover -> {
                    return operationCalls.begin(handover.submission(), entry instanceof ToolList.OfTask ofTask && ofTask.isOnlyTask(), now);
                }
                case Answer answer -> {
                    return results.of(answer, now.client().revision());
                }
                case null -> {
                    return results.of(Answer.of(), now.client().revision());
                }
                default -> {
                    return results.structured(reply, isEnveloped(entry, now.client()));
                }
            }
        }
        return results.failed("the tool asked " + MOST_ROUNDS + " times and still does not know enough", false);
    }

    /// The reference's clients read an envelope from whatever they call.
    private static boolean isEnveloped(ToolList.Entry entry, Client client) {
        return switch (entry) {
            case ToolList.AtOnce atOnce -> atOnce.isOfOperations();
            case ToolList.OfTask _ -> false;
        };
    }

    private ObjectNode interrupted(Exchange exchange) {
        if (exchange.isGone()) {
            return results.failed("the client has gone", false);   // nobody reads it
        }
        Thread.currentThread().interrupt();
        return results.failed("this node stops; call again", false);
    }
}
