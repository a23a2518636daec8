package dev.longhaul.workflow;

import dev.longhaul.operation.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// A part of a text in a template: constant text or an expression `${…}`.
sealed interface TemplatePart {

    /// In the format of SQL function `workflow_value`.
    JsonNode json();

    /// Constant text, or a value of the workflow's input, which is known when the graph is read.
    record Constant(JsonNode value) implements TemplatePart {

        @Override
        public JsonNode json() {
            return value.isString() ? value : StringNode.valueOf(value.toString());
        }
    }

    /// @param source `output`, `error` or `status`
    /// @param text   expression as in the graph
    record NodeReference(String node, String source, List<String> path, String text) implements TemplatePart {

        @Override
        public JsonNode json() {
            var json = JsonNodeFactory.instance.objectNode().put("node", node).put("of", source).put("text", text);
            path.forEach(json.putArray("path")::add);
            return json;
        }
    }

    /// The list element of the operation.
    record ItemReference(List<String> path, String text) implements TemplatePart {

        @Override
        public JsonNode json() {
            var json = JsonNodeFactory.instance.objectNode().put("text", text);
            path.forEach(json.putArray("item")::add);
            return json;
        }
    }

    /// The index of the list element, from 0.
    record ItemIndex() implements TemplatePart {

        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.objectNode().put("index", true);
        }
    }

    Set<String> RESERVED = Set.of("item", "index", "input");
    Set<String> NODE_SOURCES = Set.of("output", "error", "status");
    Pattern EXPRESSION = Pattern.compile("[A-Za-z_][\\w-]{0,63}(\\.[\\w-]{1,100}|\\[\\d{1,6}])*");
    Pattern STEP = Pattern.compile("[\\w-]+");

    /// Splits a text into parts.
    ///
    /// @param input value of `${input}`
    /// @throws IllegalArgumentException if an expression is invalid
    static List<TemplatePart> parse(String text, JsonNode input) {
        var parts = new ArrayList<TemplatePart>();
        var constant = new StringBuilder();
        for (var at = 0; at < text.length(); ) {
            if (text.startsWith("$${", at)) {
                constant.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                var end = text.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException("expected } after " + Text.quoted(text.substring(at))
                            + "; write $${ for ${");
                }
                if (!constant.isEmpty()) {
                    parts.add(new Constant(StringNode.valueOf(constant.toString())));
                    constant.setLength(0);
                }
                parts.add(expression(text.substring(at + 2, end), input));
                at = end + 1;
            } else {
                constant.append(text.charAt(at++));
            }
        }
        if (!constant.isEmpty() || parts.isEmpty()) {
            parts.add(new Constant(StringNode.valueOf(constant.toString())));
        }
        return parts;
    }

    private static TemplatePart expression(String text, JsonNode input) {
        var expression = "${" + text + "}";
        if (!EXPRESSION.matcher(text).matches()) {
            throw new IllegalArgumentException("expected an expression such as ${fetch.output.rows[0]}, not "
                    + Text.quoted(expression));
        }
        var steps = STEP.matcher(text).results().map(step -> step.group()).toList();
        var path = steps.subList(1, steps.size());
        return switch (steps.getFirst()) {
            case "item" -> new ItemReference(path, expression);
            case "index" -> new ItemIndex();
            case "input" -> new Constant(value(input, path, expression));
            default -> {
                if (path.isEmpty() || !NODE_SOURCES.contains(path.getFirst())) {
                    throw new IllegalArgumentException("expected ${%s.output}, ${%1$s.error} or ${%1$s.status}, not %s"
                            .formatted(steps.getFirst(), Text.quoted(expression)));
                }
                yield new NodeReference(steps.getFirst(), path.getFirst(), path.subList(1, path.size()), expression);
            }
        };
    }

    private static JsonNode value(JsonNode input, List<String> path, String expression) {
        var value = input;
        for (var step : path) {
            value = value.isArray() && step.matches("\\d+") ? value.path(Integer.parseInt(step)) : value.path(step);
        }
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("the workflow's input has no value for " + expression);
        }
        return value;
    }
}
