package dev.longhaul.workflow;

import dev.longhaul.workflow.TemplatePart.Constant;
import dev.longhaul.workflow.TemplatePart.NodeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/// JSON with placeholders: each text with expressions is a placeholder, filled when their values are known.
///
/// @param skeleton the JSON, with null at each placeholder
record Template(JsonNode skeleton, List<Placeholder> placeholders) {

    /// @param at    names and indexes from the root
    /// @param parts a single part keeps the type of its value; several are concatenated to a text
    record Placeholder(List<String> at, List<TemplatePart> parts) {

        String pointer() {
            return at.stream().map(step -> "/" + step).collect(Collectors.joining());
        }
    }

    /// @param location location for the error message, e.g. `nodes.fetch.input`
    /// @param input    value of `${input}`
    /// @throws InvalidGraph if an expression is invalid
    static Template of(JsonNode json, String location, JsonNode input) {
        var placeholders = new ArrayList<Placeholder>();
        return new Template(parse(json, List.of(), location, input, placeholders), List.copyOf(placeholders));
    }

    private static JsonNode parse(JsonNode json, List<String> at, String location, JsonNode input,
            List<Placeholder> placeholders) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.forEachEntry((name, value) -> object.set(name,
                    parse(value, with(at, name), location, input, placeholders)));
            return object;
        }
        if (json.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var n = 0; n < json.size(); n++) {
                array.add(parse(json.get(n), with(at, String.valueOf(n)), location, input, placeholders));
            }
            return array;
        }
        return json.isString() ? text(json, at, location, input, placeholders) : json;
    }

    private static JsonNode text(JsonNode json, List<String> at, String location, JsonNode input,
            List<Placeholder> placeholders) {
        try {
            var parts = TemplatePart.parse(json.asString(), input);
            if (parts.stream().anyMatch(part -> !(part instanceof Constant))) {
                placeholders.add(new Placeholder(at, parts));
                return NullNode.getInstance();
            }
            return parts.size() == 1 ? ((Constant) parts.getFirst()).value()
                    : JsonNodeFactory.instance.stringNode(parts.stream().map(part -> part.json().asString())
                    .collect(Collectors.joining()));
        } catch (IllegalArgumentException invalid) {
            throw new InvalidGraph(Stream.concat(Stream.of(location), at.stream()).collect(Collectors.joining(".")),
                    String.valueOf(invalid.getMessage()));
        }
    }

    private static List<String> with(List<String> at, String step) {
        return Stream.concat(at.stream(), Stream.of(step)).toList();
    }

    /// The expressions that refer to a node.
    Stream<NodeReference> references() {
        return placeholders.stream().flatMap(placeholder -> placeholder.parts.stream())
                .filter(NodeReference.class::isInstance)
                .map(NodeReference.class::cast);
    }

    boolean needsItem() {
        return placeholders.stream().flatMap(placeholder -> placeholder.parts.stream())
                .anyMatch(part -> part instanceof TemplatePart.ItemReference
                || part instanceof TemplatePart.ItemIndex);
    }

    /// In the format of SQL function `workflow_fill`; null: none.
    @Nullable JsonNode json() {
        if (placeholders.isEmpty()) {
            return null;
        }
        var json = JsonNodeFactory.instance.arrayNode();
        for (var placeholder : placeholders) {
            var one = json.addObject();
            placeholder.at.forEach(one.putArray("at")::add);
            placeholder.parts.forEach(part -> one.withArray("parts").add(part.json()));
        }
        return json;
    }
}
