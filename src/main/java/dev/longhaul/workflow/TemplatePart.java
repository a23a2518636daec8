package dev.longhaul.workflow;

import dev.longhaul.operation.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// A piece of a text in an input: words that stand for themselves, or an expression `${…}` that stands for a value.
sealed interface TemplatePart {

    /// As the database reads it: see `workflow_value` in V4__workflows.sql.
    JsonNode json();

    /// Known when the graph is read: words, or a value of the workflow's own input.
    record Known(JsonNode value) implements TemplatePart {

        @Override
        public JsonNode json() {
            return value.isString() ? value : StringNode.valueOf(value.toString());
        }
    }

    /// @param of   `output`, `error` or `status`
    /// @param text as it stands in the graph
    record OfNode(String node, String of, List<String> path, String text) implements TemplatePart {

        @Override
        public JsonNode json() {
            var json = JsonNodeFactory.instance.objectNode().put("node", node).put("of", of).put("text", text);
            path.forEach(json.putArray("path")::add);
            return json;
        }
    }

    /// The element of the list that the operation is for.
    record OfItem(List<String> path, String text) implements TemplatePart {

        @Override
        public JsonNode json() {
            var json = JsonNodeFactory.instance.objectNode().put("text", text);
            path.forEach(json.putArray("item")::add);
            return json;
        }
    }

    /// Its place in the list, from 0.
    record OfIndex() implements TemplatePart {

        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.objectNode().put("index", true);
        }
    }

    Set<String> RESERVED = Set.of("item", "index", "input");
    Set<String> OF_A_NODE = Set.of("output", "error", "status");
    Pattern EXPRESSION = Pattern.compile("[A-Za-z_][\\w-]{0,63}(\\.[\\w-]{1,100}|\\[\\d{1,6}])*");
    Pattern STEP = Pattern.compile("[\\w-]+");

    /// The parts of a text.
    ///
    /// @param input what `${input.…}` stands for
    /// @throws IllegalArgumentException if an expression cannot be understood
    static List<TemplatePart> parse(String text, JsonNode input) {
        var parts = new ArrayList<TemplatePart>();
        var words = new StringBuilder();
        for (var at = 0; at < text.length(); ) {
            if (text.startsWith("$${", at)) {
                words.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                var end = text.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException("expected } after " + Text.quoted(text.substring(at))
                            + "; $${ stands for ${");
                }
                if (!words.isEmpty()) {
                    parts.add(new Known(StringNode.valueOf(words.toString())));
                    words.setLength(0);
                }
                parts.add(expression(text.substring(at + 2, end), input));
                at = end + 1;
            } else {
                words.append(text.charAt(at++));
            }
        }
        if (!words.isEmpty() || parts.isEmpty()) {
            parts.add(new Known(StringNode.valueOf(words.toString())));
        }
        return parts;
    }

    private static TemplatePart expression(String text, JsonNode input) {
        var said = "${" + text + "}";
        if (!EXPRESSION.matcher(text).matches()) {
            throw new IllegalArgumentException("expected an expression such as ${fetch.output.rows[0]}, not "
                    + Text.quoted(said));
        }
        var steps = STEP.matcher(text).results().map(step -> step.group()).toList();
        var path = steps.subList(1, steps.size());
        return switch (steps.getFirst()) {
            case "item" -> new OfItem(path, said);
            case "index" -> new OfIndex();
            case "input" -> new Known(value(input, path, said));
            default -> {
                if (path.isEmpty() || !OF_A_NODE.contains(path.getFirst())) {
                    throw new IllegalArgumentException("expected ${%s.output}, ${%1$s.error} or ${%1$s.status}, not %s"
                            .formatted(steps.getFirst(), Text.quoted(said)));
                }
                yield new OfNode(steps.getFirst(), path.getFirst(), path.subList(1, path.size()), said);
            }
        };
    }

    private static JsonNode value(JsonNode input, List<String> path, String said) {
        var value = input;
        for (var step : path) {
            value = value.isArray() && step.matches("\\d+") ? value.path(Integer.parseInt(step)) : value.path(step);
        }
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("the workflow's input has no value for " + said);
        }
        return value;
    }
}
