package dev.longhaul.workflow;

import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.SecretReplacement;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Encrypts the secrets of node inputs before the graph is stored, so that the database copies them encrypted. The
/// database fills in expressions as plain text, so a secret must not contain one.
record NodeSecrets(TaskRegistry tasks) {

    JsonNode encrypt(JsonNode graph, @Nullable String idempotencyKey) {
        var encrypted = graph.deepCopy();
        encrypted.path("nodes").forEachEntry((name, node) -> {
            var type = tasks.find(node.path("type").asString("")).filter(OperationType::hasSecrets);
            if (type.isPresent() && node instanceof ObjectNode object && node.has("input")) {
                object.set("input", stored(type.get(), node.get("input"), "/nodes/" + name + "/input", idempotencyKey));
            }
        });
        return encrypted;
    }

    private static JsonNode stored(OperationType type, JsonNode input, String location,
            @Nullable String idempotencyKey) {
        var unescaped = type.replaceSecrets(input, new Unescaping(location));
        try {
            return type.encrypted(unescaped, idempotencyKey);
        } catch (InvalidInput invalid) {
            throw new InvalidInput(invalid.misfits().stream().map(misfit -> misfit.within(location)).toList());
        }
    }

    /// Replaces `$${` by `${` in secret texts; refuses expressions.
    private record Unescaping(String location) implements SecretReplacement<InvalidInput> {

        @Override
        public JsonNode of(List<String> path, JsonNode secret) {
            return switch (secret) {
                case StringNode text -> {
                    insteadOfContainer(path, text);
                    yield StringNode.valueOf(text.asString().replace("$${", "${"));
                }
                case ObjectNode object -> {
                    var copy = JsonNodeFactory.instance.objectNode();
                    object.forEachEntry((name, value) -> copy.set(name, of(path, value)));
                    yield copy;
                }
                default -> {
                    if (!secret.isArray()) {
                        yield secret;
                    }
                    var copy = JsonNodeFactory.instance.arrayNode();
                    secret.forEach(element -> copy.add(of(path, element)));
                    yield copy;
                }
            };
        }

        @Override
        public void insteadOfContainer(List<String> path, JsonNode value) {
            if (value.isString() && value.asString().replace("$${", "").contains("${")) {
                throw new InvalidInput(List.of(new InvalidInput.Misfit(location + "/" + String.join("/", path),
                        "is secret and must not contain an expression, whose value would be stored as plain text")));
            }
        }
    }
}
