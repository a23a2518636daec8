package dev.longhaul.page;

import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.InvalidInput.Misfit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// One member of an answer, as a field of a form.
///
/// @param schema  of the member
/// @param choices null: any value that fits the schema
record FormField(String name, JsonNode schema, boolean isRequired, @Nullable List<String> choices) {

    private static final int LINE = 200;   // a longer one gets a textarea

    private enum Kind { TEXT, NUMBER, YES_OR_NO, CHOICE, JSON }

    private Kind kind() {
        if (choices() != null) {
            return Kind.CHOICE;
        }
        var types = (schema.path("type").isArray() ? schema.path("type").valueStream() : Stream.of(schema.path("type")))
                .map(type -> type.asString("")).filter(type -> !type.equals("null")).toList();
        return switch (types.size() == 1 ? types.getFirst() : "") {
            case "string" -> Kind.TEXT;
            case "integer", "number" -> Kind.NUMBER;
            case "boolean" -> Kind.YES_OR_NO;
            default -> Kind.JSON;
        };
    }

    /// @param initial value; empty: none. A secret is not shown
    String html(String initial) {
        var isSecret = schema.path("writeOnly").asBoolean(false) || schema.path("x-secret").asBoolean(false);
        var value = isSecret ? "" : initial;
        var label = HtmlPage.text(schema.path("title").asString(name.replace('_', ' ')));
        var hint = schema.path("description").asString("") + (kind() == Kind.JSON ? " As JSON: " + schema : "");
        var attributes = " id=\"%1$s\" name=\"%1$s\"%2$s".formatted(HtmlPage.text("field." + name), isRequired
                ? " required" : "");
        var input = switch (kind()) {
            case CHOICE -> "<select%s>%s%s</select>".formatted(attributes, isRequired ? "" : "<option></option>",
                    choices.stream()
                    .map(choice -> "<option%s>%s</option>".formatted(choice.equals(value)
                            ? " selected" : "", HtmlPage.text(choice))).collect(Collectors.joining()));
            case YES_OR_NO ->
                    ("<select%s><option></option><option value=\"true\"%s>yes</option><option "
                    + "value=\"false\"%s>no</option></select>")
                    .formatted(attributes, value.equals("true") ? " selected" : "", value.equals("false")
                            ? " selected" : "");
            case NUMBER -> "<input inputmode=\"decimal\"%s value=\"%s\">".formatted(attributes, HtmlPage.text(value));
            case TEXT -> isSecret ? "<input type=\"password\" autocomplete=\"off\"%s>".formatted(attributes)
                    : schema.path("maxLength").asInt(Integer.MAX_VALUE) <= LINE
                    ? "<input%s value=\"%s\">".formatted(attributes, HtmlPage.text(value))
                    : "<textarea rows=\"4\"%s>\n%s</textarea>".formatted(attributes, HtmlPage.text(value));
            case JSON -> "<textarea rows=\"6\"%s>\n%s</textarea>".formatted(attributes, HtmlPage.text(value));
        };
        return "<label for=\"%s\">%s%s</label>\n%s\n".formatted(HtmlPage.text("field." + name), label, hint.isBlank()
                ? "" : "<small>" + HtmlPage.text(hint.strip()) + "</small>", input);
    }

    /// The entered value; empty: none, and the member is left out.
    ///
    /// @throws InvalidInput if a number or JSON cannot be parsed
    Optional<JsonNode> value(@Nullable String entered, JsonMapper json) {
        if (entered == null || entered.isEmpty() && (kind() != Kind.TEXT || !isRequired)) {
            return Optional.empty();
        }
        var nodes = JsonNodeFactory.instance;
        try {
            return Optional.of(switch (kind()) {
                case TEXT -> nodes.stringNode(entered.replace("\r\n", "\n"));   // as forms end lines
                case CHOICE -> nodes.stringNode(entered);
                case YES_OR_NO -> nodes.booleanNode(entered.equals("true"));
                case NUMBER -> nodes.numberNode(new BigDecimal(entered.strip()));
                case JSON -> json.readTree(entered);
            });
        } catch (NumberFormatException | JacksonException garbage) {
            throw new InvalidInput(List.of(new Misfit("/" + name, kind() == Kind.NUMBER
                    ? "must be a number" : "must be JSON")));
        }
    }
}
