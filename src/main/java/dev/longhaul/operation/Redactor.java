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

/// Values that must not be seen by anybody who looks at an operation: blacked out wherever they turn up in text. Those
/// of fewer than 4 characters are not, since they turn up in everything.
public record Redactor(List<String> values) {

    public static final Redactor NOTHING = new Redactor(List.of());
    private static final String BLACK = "•••";
    private static final int SHORTEST = 4;

    /// All texts and numbers in these.
    public static Redactor of(Collection<JsonNode> secrets) {
        var found = new HashSet<String>();
        secrets.forEach(secret -> collect(secret, found));
        // what contains another goes first
        return new Redactor(found.stream().sorted(Comparator.comparing(String::length).reversed()).toList());
    }

    private static void collect(JsonNode node, Set<String> found) {
        if (node.isContainer()) {
            node.forEach(child -> collect(child, found));
        } else if ((node.isString() || node.isNumber()) && node.asString().length() >= SHORTEST) {
            found.add(node.asString());
        }
    }

    public String in(String text) {
        var shown = text;
        for (var value : values) {
            shown = shown.replace(value, BLACK);
        }
        return shown;
    }

    public JsonNode in(JsonNode node) {
        if (values.isEmpty()) {
            return node;
        }
        return switch (node) {
            case ObjectNode object -> {
                var shown = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> shown.set(in(name), in(value)));
                yield shown;
            }
            case ArrayNode array -> {
                var shown = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> shown.add(in(element)));
                yield shown;
            }
            default -> (node.isString() || node.isNumber()) && !in(node.asString()).equals(node.asString())
                    ? JsonNodeFactory.instance.stringNode(in(node.asString())) : node;
        };
    }

    /// Of a report.
    public Progress in(Progress progress) {
        return values.isEmpty() || progress.message() == null ? progress : new Progress(progress.percent(),
                progress.current(), progress.total(), in(progress.message()));
    }

    /// Of a failure, its causes and its trace.
    public Failure in(Failure failure) {
        return values.isEmpty() ? failure : new Failure(failure.type(), in(failure.message()),
                failure.causes().stream().map(cause -> new Failure.Cause(cause.type(), in(cause.message())))
                .toList(), failure.trace() == null ? null : in(failure.trace()));
    }
}
