package dev.longhaul.worker;

import dev.longhaul.operation.InputRequest.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The schema of an answer where the worker gives none: as for input requests in Java.
final class AnswerSchemas {

    private AnswerSchemas() {
    }

    static ObjectNode of(Kind kind, @Nullable List<String> options) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        var required = schema.putArray("required");
        if (kind == Kind.AUTHORIZATION || kind == Kind.AUTHORIZATION_WITH_INPUT) {
            properties.putObject("approved").put("type", "boolean");
            properties.putObject("comment").put("type", "string");
            required.add("approved");
        }
        if (options != null) {
            var choice = properties.putObject("choice").put("type", "string").putArray("enum");
            options.forEach(choice::add);
            required.add("choice");
        }
        return schema.put("additionalProperties", kind != Kind.AUTHORIZATION);
    }
}
