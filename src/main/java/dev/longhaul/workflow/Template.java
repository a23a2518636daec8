package dev.longhaul.workflow;

import dev.longhaul.workflow.TemplatePart.Known;
import dev.longhaul.workflow.TemplatePart.OfNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/// JSON with holes: a text that has expressions in it is a hole, to be filled when their values are known.
///
/// @param skeleton null where a hole is
record Template(JsonNode skeleton, List<Placeholder> holes) {

    /// @param at    names and indexes from the root
    /// @param parts one alone keeps the kind of its value; several make a text
    record Placeholder(List<String> at, List<TemplatePart> parts) {

        String pointer() {
            return at.stream().map(step -> "/" + step).collect(Collectors.joining());
        }
    }

    /// @param place for an error message, e.g. `nodes.fetch.input`
    /// @param input what `${input.…}` stands for
    /// @throws Misplaced if an expression in it cannot be understood
    static Template of(JsonNode json, String place, JsonNode input) {
        var holes = new ArrayList<Placeholder>();
        return new Template(read(json, List.of(), place, input, holes), List.copyOf(holes));
    }

    private static JsonNode read(JsonNode json, List<String> at, String place, JsonNode input,
            List<Placeholder> holes) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.forEachEntry((name, value) -> object.set(name, read(value, with(at, name), place, input, holes)));
            return object;
        }
        if (json.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var n = 0; n < json.size(); n++) {
                array.add(read(json.get(n), with(at, String.valueOf(n)), place, input, holes));
            }
            return array;
        }
        return json.isString() ? text(json, at, place, input, holes) : json;
    }

    private static JsonNode text(JsonNode json, List<String> at, String place, JsonNode input,
            List<Placeholder> holes) {
        try {
            var parts = TemplatePart.parse(json.asString(), input);
            if (parts.stream().anyMatch(part -> !(part instanceof Known))) {
                holes.add(new Placeholder(at, parts));
                return NullNode.getInstance();
            }
            return parts.size() == 1 ? ((Known) parts.getFirst()).value()
                    : JsonNodeFactory.instance.stringNode(parts.stream().map(part -> part.json().asString())
                    .collect(Collectors.joining()));
        } catch (IllegalArgumentException unreadable) {
            throw new InvalidGraph(Stream.concat(Stream.of(place), at.stream()).collect(Collectors.joining(".")),
                    String.valueOf(unreadable.getMessage()));
        }
    }

    private static List<String> with(List<String> at, String step) {
        return Stream.concat(at.stream(), Stream.of(step)).toList();
    }

    /// The expressions in it that stand for something of a node.
    Stream<OfNode> references() {
        return holes.stream().flatMap(hole -> hole.parts.stream()).filter(OfNode.class::isInstance)
                .map(OfNode.class::cast);
    }

    boolean needsItem() {
        return holes.stream().flatMap(hole -> hole.parts.stream()).anyMatch(part -> part instanceof TemplatePart.OfItem
                || part instanceof TemplatePart.OfIndex);
    }

    /// As `workflow_fill` in V4__workflows.sql reads them; null: none.
    @Nullable JsonNode json() {
        if (holes.isEmpty()) {
            return null;
        }
        var json = JsonNodeFactory.instance.arrayNode();
        for (var hole : holes) {
            var one = json.addObject();
            hole.at.forEach(one.putArray("at")::add);
            hole.parts.forEach(part -> one.withArray("parts").add(part.json()));
        }
        return json;
    }
}
