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

/// A question as a form, and the form as an answer. Where something is to be approved, two buttons say so or not; else
/// there is one.
final class InputRequestForm {

    private static final String APPROVED = "approved";
    private static final int LONGEST_DATA = 20_000;

    private final InputRequest question;
    private final JsonMapper json;
    private final List<FormField> fields = new ArrayList<>();
    private final boolean approves;

    InputRequestForm(InputRequest question, JsonMapper json) {
        this.question = question;
        this.json = json;
        var required = question.schema().path("required").valueStream().map(name -> name.asString(""))
                .collect(Collectors.toSet());
        approves = question.schema().at("/properties/approved/type").asString("").equals("boolean");
        question.schema().path("properties").forEachEntry((name, schema) -> {
            if (!approves || !name.equals(APPROVED)) {
                fields.add(new FormField(name, schema, required.contains(name), choices(name, schema)));
            }
        });
    }

    private @Nullable List<String> choices(String name, JsonNode schema) {
        if (name.equals("choice") && question.options() != null) {
            return question.options();
        }
        var words = schema.path("enum").valueStream().toList();
        return words.isEmpty() || !words.stream().allMatch(JsonNode::isString) ? null : words.stream()
                .map(JsonNode::asString).toList();
    }

    /// @param entered what a person entered that did not fit; null: nothing yet
    String html(@Nullable Map<String, String> entered) {
        var shown = fields.stream().map(field -> field.html(entered == null
                ? begun(field) : entered.getOrDefault("field." + field.name(), "")));
        var buttons = approves
                ? "<button name=\"approved\" value=\"true\">Approve</button><button name=\"approved\" "
                + "value=\"false\" formnovalidate>Refuse</button>" : "<button>Answer</button>";
        return about() + "<form method=\"post\">\n" + shown.collect(Collectors.joining()) + buttons + "\n</form>\n";
    }

    /// What is to be reviewed stands in the form already.
    private String begun(FormField field) {
        var data = question.data();
        var begun = question.kind() == InputRequest.Kind.REVIEW && data != null ? data.isObject()
                ? data.path(field.name())
                : data.isString() && field == fields.getFirst()
                ? data : JsonNodeFactory.instance.missingNode() : JsonNodeFactory.instance.missingNode();
        var value = begun.isMissingNode() ? field.schema().path("default") : begun;
        return value.isMissingNode() || value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
    }

    private String about() {
        var about = new StringBuilder();
        if (question.risk() != null) {
            about.append("<p>Risk: <strong>").append(question.risk().word()).append("</strong></p>\n");
        }
        var data = question.data();
        if (data != null) {
            var text = data.isString() ? data.asString() : json.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(data);
            about.append("<pre>").append(HtmlPage.text(text.length() > LONGEST_DATA ? text.substring(0, LONGEST_DATA)
                    + "…" : text)).append("</pre>\n");
        }
        if (question.answerBy() != null) {
            about.append("<p>Until ").append(question.answerBy()).append(question.fallback() == null
                    ? "" : "; then " + HtmlPage.text(question.fallback().toString()) + " holds").append("</p>\n");
        }
        return about.toString();
    }

    /// @throws InvalidInput if a field is no number, or no JSON, where it has to be
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
