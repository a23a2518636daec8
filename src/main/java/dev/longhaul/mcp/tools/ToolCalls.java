package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.CallKeepAlive;
import dev.longhaul.mcp.rpc.ClientDisconnected;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.InputRounds;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.OperationNotVisible;
import dev.longhaul.mcp.rpc.PublicMessage;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.IdempotencyConflict;
import dev.longhaul.store.Workload;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.MissingCapability;
import dev.longhaul.tool.SubmitOperation;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.UnknownTaskType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
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
    private final InputRounds rounds;
    private final CallKeepAlive keepAlive;
    private final InputTypes inputs;
    private final ToolResults results;

    ToolCalls(ToolList tools, OperationCalls operationCalls, InputRounds rounds, CallKeepAlive keepAlive,
            InputTypes inputs, ToolResults results) {
        this.tools = tools;
        this.operationCalls = operationCalls;
        this.rounds = rounds;
        this.keepAlive = keepAlive;
        this.inputs = inputs;
        this.results = results;
    }

    /// @return null: the client reconnects for the rest
    public @Nullable ObjectNode call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        var params = request.params();
        if (!params.path("name").isString()) {
            throw JsonRpcError.params("params.name must be the name of a tool");
        }
        if (params.has("arguments") && !params.path("arguments").isObject()) {
            throw JsonRpcError.params("params.arguments must be an object");
        }
        var name = params.path("name").asString();
        var arguments = params.path("arguments") instanceof ObjectNode given
                ? given : JsonNodeFactory.instance.objectNode();
        var entry = tools.find(name);
        if (entry.isEmpty()) {
            var unknown = "unknown tool " + Text.quoted(name) + "; known are " + String.join(", ", tools.names());
            if (!client.isPlain()) {
                throw JsonRpcError.params(unknown);
            }
            return results.failed(unknown, true);
        }
        if (client.isModern()) {
            MirroredArguments.check(entry.get().inputSchema(), arguments, exchange);
        }
        var call = new CallContext(client, exchange, request.meta(), inputs);
        var subject = InputRounds.subject("tools/call", name, arguments);
        var state = rounds.state(params, subject);
        var answers = rounds.answers(params);
        var thread = Thread.currentThread();
        // earlier revisions: a lost connection cancels nothing
        exchange.onGone(client.isModern() ? thread::interrupt : null);
        // the reference's clients read a single JSON document
        try (var _ = client.isPlain() ? null : keepAlive.keep(exchange); var _ = workload(name).enter()) {
            StorableJson.required("arguments", arguments);
            if (operationCalls.isContinued(state)) {
                return operationCalls.proceed(state, answers, new CallScope(request, client, exchange, call,
                        subject));
            }
            call.proceed(answers, state);
            return rounds(entry.get(), arguments, new CallScope(request, client, exchange, call,
                    subject));
        } catch (JsonRpcError | ClientDisconnected | DataAccessException | CannotCreateTransactionException notOfTheTool) {
            throw notOfTheTool;
        } catch (MissingCapability missing) {
            if (client.isModern()) {
                throw JsonRpcError.capability(String.valueOf(missing.getMessage()),
                        ClientProfile.declared(missing.capability(), JsonNodeFactory.instance.objectNode()));
            }
            return results.failed(String.valueOf(missing.getMessage()), client.isPlain());
        } catch (IllegalArgumentException | InvalidInput | UnknownTaskType | IdempotencyConflict | OperationNotVisible wrong) {
            return results.failed(String.valueOf(wrong.getMessage()), isEnveloped(entry.get(), client));
        } catch (InterruptedException stopped) {
            return interrupted(exchange);
        } catch (Exception broken) {
            if (isEnveloped(entry.get(), client)) {
                throw broken instanceof RuntimeException ours ? ours : new IllegalStateException(broken);
            }
            log.warn("tool {} failed", name, broken);
            return results.failed(PublicMessage.of(broken, "the tool failed"), false);
        } finally {
            exchange.onGone(null);
        }
    }

    /// As of the same requests to the REST interface.
    private static Workload workload(String tool) {
        return switch (tool) {
            case "cancel_task", "retry_task", "provide_input" -> Workload.CHANGE;
            case "list_operations", "list_schedules" -> Workload.LIST;
            default -> Workload.MCP;
        };
    }

    private @Nullable ObjectNode rounds(ToolList.Entry entry, ObjectNode arguments, CallScope now)
            throws Exception {
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var reply = entry.call(arguments, now.call());
            switch (reply) {
                case InputRequired needs -> {
                    if (now.client().isModern()) {
                        return rounds.required(rounds.requests(needs, now.client()), now.subject(), needs.state()
                                == null ? null : inputs.json().valueToTree(needs.state()));
                    }
                    if (!now.exchange().canStream()) {
                        return results.failed("this tool needs input; accept text/event-stream",
                                isEnveloped(entry, now.client()));
                    }
                    var answers = rounds.ask(needs, now.client(), now.exchange());
                    if (answers.isEmpty()) {
                        return results.failed("the client did not answer the tool's request",
                                isEnveloped(entry, now.client()));
                    }
                    now.call().proceed(answers.get(), needs.state() == null
                            ? null : inputs.json().valueToTree(needs.state()));
                }
                case SubmitOperation handover -> {
                    return operationCalls.begin(handover.submission(), entry instanceof ToolList.OfTask ofTask
                            && ofTask.isOnlyTask(), now);
                }
                case ToolResult answer -> {
                    return results.of(answer, now.client().revision());
                }
                case null -> {
                    return results.of(ToolResult.of(), now.client().revision());
                }
                default -> {
                    return results.structured(reply, isEnveloped(entry, now.client()));
                }
            }
        }
        return results.failed("the tool needs more than " + MOST_ROUNDS + " rounds of input", false);
    }

    /// Tools of operations use the reference interface's envelope.
    private static boolean isEnveloped(ToolList.Entry entry, ClientProfile client) {
        return switch (entry) {
            case ToolList.AtOnce atOnce -> atOnce.isOfOperations();
            case ToolList.OfTask _ -> false;
        };
    }

    private ObjectNode interrupted(McpExchange exchange) {
        if (exchange.isGone()) {
            return results.failed("the client has disconnected", false);   // nobody reads it
        }
        Thread.currentThread().interrupt();
        return results.failed("this node is stopping; call again", false);
    }
}
