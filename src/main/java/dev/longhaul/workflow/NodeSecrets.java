package dev.longhaul.workflow;

import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The secret fields of the inputs in a graph: encrypted before the graph is stored, so the database hands them on as
/// they are. What is filled in by the database it would have to store readably, so a secret field holds its value
/// itself.
record NodeSecrets(TaskRegistry tasks) {

    JsonNode sealed(JsonNode graph, @Nullable String idempotencyKey) {
        var sealed = graph.deepCopy();
        sealed.path("nodes").forEachEntry((name, node) -> {
            var type = tasks.find(node.path("type").asString("")).filter(one -> !one.secrets().isEmpty());
            if (type.isPresent() && node.path("input") instanceof ObjectNode input) {
                var place = "/nodes/" + name + "/input";
                type.get().secrets().forEach(path -> settle(input, path, place));
                ((ObjectNode) node).set("input", stored(type.get(), input, place, idempotencyKey));
            }
        });
        return sealed;
    }

    private static JsonNode stored(OperationType type, ObjectNode input, String place,
            @Nullable String idempotencyKey) {
        try {
            return type.encrypted(input, idempotencyKey);
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within(place)).toList());
        }
    }

    /// Makes of a text what it stands for, which is itself but for `$${`; refuses one that stands for something else.
    private static void settle(ObjectNode input, List<String> path, String place) {
        JsonNode holder = input;
        for (var name : path.subList(0, path.size() - 1)) {
            refuseExpression(holder.path(name), place, path);
            holder = holder.path(name);
        }
        var value = holder.path(path.getLast());
        refuseExpressionWithin(value, place, path);
        if (value.isString() && holder instanceof ObjectNode object) {
            object.set(path.getLast(), StringNode.valueOf(value.asString().replace("$${", "${")));
        }
    }

    private static void refuseExpressionWithin(JsonNode value, String place, List<String> path) {
        refuseExpression(value, place, path);
        if (value.isContainer()) {
            value.forEach(one -> refuseExpressionWithin(one, place, path));
        }
    }

    private static void refuseExpression(JsonNode value, String place, List<String> path) {
        if (value.isString() && value.asString().replace("$${", "").contains("${")) {
            throw new InvalidInput(List.of(new InvalidInput.Misfit(place + "/" + String.join("/", path),
                    "is secret, and what an expression stands for would be stored readably: expected the secret itself")));
        }
    }
}
