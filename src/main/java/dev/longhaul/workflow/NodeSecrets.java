package dev.longhaul.workflow;

import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Encrypts the secret fields of node inputs before the graph is stored, so that the database copies them encrypted.
/// The database fills in expressions as plain text, so a secret field must not contain one.
record NodeSecrets(TaskRegistry tasks) {

    JsonNode encrypt(JsonNode graph, @Nullable String idempotencyKey) {
        var encrypted = graph.deepCopy();
        encrypted.path("nodes").forEachEntry((name, node) -> {
            var type = tasks.find(node.path("type").asString("")).filter(found -> !found.secrets().isEmpty());
            if (type.isPresent() && node.path("input") instanceof ObjectNode input) {
                var location = "/nodes/" + name + "/input";
                type.get().secrets().forEach(path -> unescape(input, path, location));
                ((ObjectNode) node).set("input", stored(type.get(), input, location, idempotencyKey));
            }
        });
        return encrypted;
    }

    private static JsonNode stored(OperationType type, ObjectNode input, String location,
            @Nullable String idempotencyKey) {
        try {
            return type.encrypted(input, idempotencyKey);
        } catch (InvalidInput invalid) {
            throw new InvalidInput(invalid.misfits().stream().map(misfit -> misfit.within(location)).toList());
        }
    }

    /// Replaces `$${` by `${` in a secret text; refuses an expression.
    private static void unescape(ObjectNode input, List<String> path, String location) {
        JsonNode parent = input;
        for (var name : path.subList(0, path.size() - 1)) {
            refuseExpression(parent.path(name), location, path);
            parent = parent.path(name);
        }
        var value = parent.path(path.getLast());
        refuseExpressionWithin(value, location, path);
        if (value.isString() && parent instanceof ObjectNode object) {
            object.set(path.getLast(), StringNode.valueOf(value.asString().replace("$${", "${")));
        }
    }

    private static void refuseExpressionWithin(JsonNode value, String location, List<String> path) {
        refuseExpression(value, location, path);
        if (value.isContainer()) {
            value.forEach(element -> refuseExpressionWithin(element, location, path));
        }
    }

    private static void refuseExpression(JsonNode value, String location, List<String> path) {
        if (value.isString() && value.asString().replace("$${", "").contains("${")) {
            throw new InvalidInput(List.of(new InvalidInput.Misfit(location + "/" + String.join("/", path),
                    "is secret and must not contain an expression, whose value would be stored as plain text")));
        }
    }
}
