package dev.longhaul.mcp.resources;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ContentJson;
import dev.longhaul.mcp.rpc.InputRounds;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.OperationNotVisible;
import dev.longhaul.mcp.rpc.PublicMessage;
import dev.longhaul.mcp.tools.CallContext;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.MissingCapability;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.RegisteredPrompt;
import dev.longhaul.tool.ToolCatalog;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `prompts/list` and `prompts/get`.
@Component
public class PromptMethods {

    private static final Logger log = LoggerFactory.getLogger(PromptMethods.class);
    private static final int MOST_ROUNDS = 20;

    private final ToolCatalog catalog;
    private final InputRounds rounds;
    private final InputTypes inputs;

    PromptMethods(ToolCatalog catalog, InputRounds rounds, InputTypes inputs) {
        this.catalog = catalog;
        this.rounds = rounds;
        this.inputs = inputs;
    }

    public ObjectNode list(ObjectNode params) {
        if (params.has("cursor")) {
            throw JsonRpcError.params("prompts/list has one page and no cursor "
                    + Text.quoted(params.path("cursor").toString()));
        }
        var result = inputs.json().createObjectNode();
        var prompts = result.putArray("prompts");
        catalog.prompts().forEach(prompt -> prompts.add(described(prompt)));
        return result.put("ttlMs", 60_000).put("cacheScope", "public");
    }

    private ObjectNode described(RegisteredPrompt prompt) {
        var described = inputs.json().createObjectNode().put("name", prompt.name())
                .put("description", prompt.type().description());
        if (!prompt.type().title().isEmpty()) {
            described.put("title", prompt.type().title());
        }
        var required = prompt.arguments().path("required").valueStream().map(name -> name.asString()).toList();
        var arguments = described.putArray("arguments");
        prompt.arguments().path("properties").forEachEntry((name, schema) ->
                arguments.addObject().put("name", name).put("description", schema.path("description").asString(name))
                        .put("required", required.contains(name)));
        return described;
    }

    public ObjectNode get(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange) {
        var params = request.params();
        var name = params.path("name").asString("");
        var prompt = catalog.prompts().stream().filter(one -> one.name().equals(name)).findAny()
                .orElseThrow(() -> JsonRpcError.params("there is no prompt " + Text.quoted(name)
                        + "; prompts/list lists all"));
        var arguments = params.path("arguments") instanceof ObjectNode given
                ? given : JsonNodeFactory.instance.objectNode();
        var subject = InputRounds.subject("prompts/get", name, arguments);
        var call = new CallContext(client, exchange, request.meta(), inputs);
        call.proceed(rounds.answers(params), rounds.state(params, subject));
        try {
            StorableJson.required("arguments", arguments);
            return get(prompt, arguments, call, client, exchange, subject);
        } catch (JsonRpcError | DataAccessException | CannotCreateTransactionException notOfThePrompt) {
            throw notOfThePrompt;
        } catch (MissingCapability missing) {
            throw client.isModern()
                    ? JsonRpcError.capability(String.valueOf(missing.getMessage()),
                    ClientProfile.declared(missing.capability(), JsonNodeFactory.instance.objectNode()))
                    : JsonRpcError.params(String.valueOf(missing.getMessage()));
        } catch (InvalidInput | IllegalArgumentException | OperationNotVisible wrong) {
            throw JsonRpcError.params(String.valueOf(wrong.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.INTERNAL, "this node is stopping; retry");
        } catch (Exception broken) {
            log.warn("prompt {} could not be written", name, broken);
            throw new JsonRpcError(HttpStatus.OK, JsonRpcError.INTERNAL,
                    PublicMessage.of(broken, "the prompt could not be written"));
        }
    }

    private ObjectNode get(RegisteredPrompt prompt, ObjectNode arguments, CallContext call, ClientProfile client,
            McpExchange exchange, String subject) throws Exception {
        for (var round = 0; round < MOST_ROUNDS; round++) {
            switch (prompt.get(arguments, call)) {
                case Prompt.Messages messages -> {
                    return said(messages, prompt, client);
                }
                case Prompt.Asks(InputRequired needs) -> {
                    var state = needs.state() == null ? null : inputs.json().valueToTree(needs.state());
                    if (client.isModern()) {
                        return rounds.required(rounds.requests(needs, client), subject, state);
                    }
                    call.proceed(rounds.ask(needs, client, exchange).orElseThrow(() ->
                            new IllegalArgumentException("the client did not answer the prompt's request")), state);
                }
            }
        }
        throw new IllegalArgumentException("the prompt needs more than " + MOST_ROUNDS + " rounds of input");
    }

    private ObjectNode said(Prompt.Messages said, RegisteredPrompt prompt, ClientProfile client) {
        var result = inputs.json().createObjectNode().put("description", prompt.type().description());
        var messages = result.putArray("messages");
        said.messages().forEach(message -> messages.addObject().put("role", message.role()).set("content",
                ContentJson.json(message.content(), client.revision())));
        return result;
    }
}
