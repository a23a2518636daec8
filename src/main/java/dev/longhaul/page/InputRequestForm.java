package dev.longhaul.page;

import dev.longhaul.operation.InputRequest;
import dev.longhaul.types.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An input request as a form, and the form as an answer. An approval has two buttons, any other form one.
final class InputRequestForm {

    private static final String APPROVED = "approved";
    private static final int LONGEST_DATA = 20_000;

    private final InputRequest request;
    private final JsonMapper json;
    private final List<FormField> fields = new ArrayList<>();
    private final boolean approves;

    InputRequestForm(InputRequest request, JsonMapper json) {
        this.request = request;
        this.json = json;
        var required = request.schema().path("required").valueStream().map(name -> name.asString(""))
                .collect(Collectors.toSet());
        approves = request.schema().at("/properties/approved/type").asString("").equals("boolean");
        request.schema().path("properties").forEachEntry((name, schema) -> {
            if (!approves || !name.equals(APPROVED)) {
                fields.add(new FormField(name, schema, required.contains(name), choices(name, schema)));
            }
        });
    }

    private @Nullable List<String> choices(String name, JsonNode schema) {
        if (name.equals("choice") && request.options() != null) {
            return request.options();
        }
        var words = schema.path("enum").valueStream().toList();
        return words.isEmpty() || !words.stream().allMatch(JsonNode::isString) ? null : words.stream()
                .map(JsonNode::asString).toList();
    }

    /// @param entered a refused answer; null: none
    String html(@Nullable Map<String, String> entered) {
        var shown = fields.stream().map(field -> field.html(entered == null
                ? initial(field) : entered.getOrDefault("field." + field.name(), "")));
        var buttons = approves
                ? "<button name=\"approved\" value=\"true\">Approve</button><button name=\"approved\" "
                + "value=\"false\" formnovalidate>Refuse</button>" : "<button>Answer</button>";
        return about() + "<form method=\"post\">\n" + shown.collect(Collectors.joining()) + buttons + "\n</form>\n";
    }

    /// The data of a review is the initial value.
    private String initial(FormField field) {
        var data = request.data();
        var initial = request.kind() == InputRequest.Kind.REVIEW && data != null ? data.isObject()
                ? data.path(field.name())
                : data.isString() && field == fields.getFirst()
                ? data : JsonNodeFactory.instance.missingNode() : JsonNodeFactory.instance.missingNode();
        var value = initial.isMissingNode() ? field.schema().path("default") : initial;
        return value.isMissingNode() || value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
    }

    private String about() {
        var about = new StringBuilder();
        if (request.risk() != null) {
            about.append("<p>Risk: <strong>").append(request.risk().word()).append("</strong></p>\n");
        }
        var data = request.data();
        if (data != null) {
            var text = data.isString() ? data.asString() : json.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(data);
            about.append("<pre>").append(HtmlPage.text(text.length() > LONGEST_DATA ? text.substring(0, LONGEST_DATA)
                    + "…" : text)).append("</pre>\n");
        }
        if (request.answerBy() != null) {
            about.append("<p>Until ").append(request.answerBy()).append(request.fallback() == null
                    ? "" : "; then " + HtmlPage.text(request.fallback().toString()) + " holds").append("</p>\n");
        }
        return about.toString();
    }

    /// @throws InvalidInput if a number or JSON field cannot be parsed
    ObjectNode answer(Map<String, String> entered) {
        var answer = JsonNodeFactory.instance.objectNode();
        if (approves && Set.of("true", "false").contains(entered.getOrDefault(APPROVED, ""))) {
            answer.put(APPROVED, entered.get(APPROVED).equals("true"));
        }
        fields.forEach(field -> field.value(entered.get("field." + field.name()), json)
                .ifPresent(value -> answer.set(field.name(), value)));
        return answer;
    }
}
