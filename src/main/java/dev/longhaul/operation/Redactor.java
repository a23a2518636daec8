package dev.longhaul.operation;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Masks secret values in texts that leave a task. Values of fewer than 4 characters are not masked, because they occur
/// in ordinary text.
public record Redactor(List<String> values) {

    public static final Redactor NONE = new Redactor(List.of());
    private static final String MASK = "•••";
    private static final int MIN_LENGTH = 4;

    /// Masks all texts and numbers in `secrets`.
    public static Redactor of(Collection<JsonNode> secrets) {
        var found = new HashSet<String>();
        secrets.forEach(secret -> collect(secret, found));
        // longest first: a value may contain another
        return new Redactor(found.stream().sorted(Comparator.comparing(String::length).reversed()).toList());
    }

    private static void collect(JsonNode node, Set<String> found) {
        if (node.isContainer()) {
            node.forEach(child -> collect(child, found));
        } else if ((node.isString() || node.isNumber()) && node.asString().length() >= MIN_LENGTH) {
            found.add(node.asString());
        }
    }

    public String redact(String text) {
        var shown = text;
        for (var value : values) {
            shown = shown.replace(value, MASK);
        }
        return shown;
    }

    public JsonNode redact(JsonNode node) {
        if (values.isEmpty()) {
            return node;
        }
        return switch (node) {
            case ObjectNode object -> {
                var shown = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> shown.set(redact(name), redact(value)));
                yield shown;
            }
            case ArrayNode array -> {
                var shown = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> shown.add(redact(element)));
                yield shown;
            }
            default -> (node.isString() || node.isNumber()) && !redact(node.asString()).equals(node.asString())
                    ? JsonNodeFactory.instance.stringNode(redact(node.asString())) : node;
        };
    }

    public Progress redact(Progress progress) {
        return values.isEmpty() || progress.message() == null ? progress : new Progress(progress.percent(),
                progress.current(), progress.total(), redact(progress.message()));
    }

    public Failure redact(Failure failure) {
        return values.isEmpty() ? failure : new Failure(failure.type(), redact(failure.message()),
                failure.causes().stream().map(cause -> new Failure.Cause(cause.type(), redact(cause.message())))
                .toList(), failure.trace() == null ? null : redact(failure.trace()));
    }
}
