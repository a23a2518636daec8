package dev.longhaul.mcp.tasks;

import dev.longhaul.operation.InputRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of an answer as a flat form: text, numbers, booleans, choices. A nested member is entered as JSON.
public final class ElicitationForms {

    private static final Set<String> FORMATS = Set.of("date", "date-time", "email", "uri");
    private static final Set<String> OF_TEXT = Set.of("title", "description", "minLength", "maxLength", "default");
    private static final Set<String> OF_NUMBERS = Set.of("title", "description", "minimum", "maximum", "default");

    private final JsonMapper json;

    ElicitationForms(JsonMapper json) {
        this.json = json;
    }

    /// The flat schema that the protocol allows for a form.
    public static ObjectNode flat(JsonNode schema) {
        var form = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = form.putObject("properties");
        schema.path("properties").forEachEntry((name, property) -> properties.set(name, field(property)));
        if (schema.path("required").isArray() && !schema.path("required").isEmpty()) {
            form.set("required", schema.path("required"));
        }
        return form;
    }

    ObjectNode form(InputRequest question) {
        var form = flat(question.schema());
        var properties = (ObjectNode) form.path("properties");
        if (question.options() != null && properties.path("choice") instanceof ObjectNode choice) {
            question.options().forEach(choice.putArray("enum")::add);
        }
        if (question.kind() == InputRequest.Kind.REVIEW && question.data() != null && question.data().isString()) {
            properties.values().stream().filter(field -> field.path("type").asString("").equals("string")).findFirst()
                    .ifPresent(field -> ((ObjectNode) field).put("default", question.data().asString()));
        }
        return form;
    }

    /// The answer in the form of the original schema.
    ///
    /// @throws IllegalArgumentException if a JSON field cannot be parsed
    ObjectNode answer(InputRequest question, JsonNode content) {
        var answer = JsonNodeFactory.instance.objectNode();
        content.forEachEntry((name, value) -> answer.set(name, isJson(question.schema().path("properties").path(name))
                && value.isString() ? parsed(name, value.asString()) : value));
        return answer;
    }

    private JsonNode parsed(String name, String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException broken) {
            throw new IllegalArgumentException(name + " must be JSON");
        }
    }

    private static ObjectNode field(JsonNode schema) {
        var type = type(schema);
        if (isJson(schema)) {
            var text = JsonNodeFactory.instance.objectNode().put("type", "string");
            return text.put("description", (schema.path("description").asString("") + " As JSON: " + schema).strip());
        }
        var field = JsonNodeFactory.instance.objectNode().put("type", type);
        (type.equals("string") || type.equals("boolean") ? OF_TEXT : OF_NUMBERS)
                .forEach(word -> copy(word, schema, field));
        if (FORMATS.contains(schema.path("format").asString(""))) {
            copy("format", schema, field);
        }
        if (schema.path("enum").isArray()) {
            var words = field.putArray("enum");
            schema.path("enum").forEach(word -> {
                if (word.isString()) {
                    words.add(word);
                }
            });
        }
        return field;
    }

    private static void copy(String word, JsonNode from, ObjectNode to) {
        if (from.has(word)) {
            to.set(word, from.get(word));
        }
    }

    private static boolean isJson(JsonNode schema) {
        return !List.of("string", "boolean", "integer", "number").contains(type(schema));
    }

    /// Without `null`.
    private static String type(JsonNode schema) {
        var types = new ArrayList<String>();
        (schema.path("type").isArray() ? schema.path("type").valueStream() : Stream.of(schema.path("type")))
                .filter(JsonNode::isString)
                .map(JsonNode::asString).filter(type -> !type.equals("null")).forEach(types::add);
        return types.size() == 1 ? types.getFirst() : "";
    }
}
