package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.MessageHandler;
import dev.longhaul.mcp.rpc.ErrorResponses;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.operation.Caller;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// JSON-RPC batches, which only 2025-03-26 has.
@Component
class Batches {

    private static final int LARGEST = 50;

    private final MessageHandler messages;

    Batches(MessageHandler messages) {
        this.messages = messages;
    }

    void answer(ArrayNode batch, McpExchange exchange, Caller caller) {
        if (batch.isEmpty() || batch.size() > LARGEST) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST, "a batch has 1 to " + LARGEST
                    + " messages, not " + batch.size());
        }
        var answers = JsonNodeFactory.instance.arrayNode();
        batch.forEach(message -> answer(message, exchange.withoutStream(), caller, answers));
        if (answers.isEmpty()) {
            exchange.accept();
        } else {
            exchange.finish(HttpStatus.OK, null, answers);
        }
    }

    private void answer(JsonNode message, McpExchange exchange, Caller caller, ArrayNode answers) {
        try {
            if (message.path("method").asString("").equals("initialize")) {
                throw new JsonRpcError(HttpStatus.OK, JsonRpcError.NO_REQUEST,
                        "initialize must not be part of a batch");
            }
            var answer = messages.answer(message, exchange, caller);
            if (answer != null) {
                answers.add(answer);
            }
        } catch (JsonRpcError refused) {
            answers.add(ErrorResponses.error(message, exchange, refused));
        }
    }
}
