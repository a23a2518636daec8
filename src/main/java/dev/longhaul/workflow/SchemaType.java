package dev.longhaul.workflow;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a value is like, as far as a JSON Schema says.
///
/// @param root where `$ref` points into
record SchemaType(JsonNode schema, JsonNode root) {

    static final SchemaType UNKNOWN = of(JsonNodeFactory.instance.objectNode());
    static final SchemaType TEXT = of(JsonNodeFactory.instance.objectNode().put("type", "string"));
    static final SchemaType WHOLE_NUMBER = of(JsonNodeFactory.instance.objectNode().put("type", "integer"));
    private static final int DEEPEST = 20;

    static SchemaType of(JsonNode schema) {
        return new SchemaType(schema, schema).followed();
    }

    private SchemaType followed() {
        var here = schema;
        for (var n = 0; n < DEEPEST && here.path("$ref").isString(); n++) {
            here = root.at(here.path("$ref").asString().replaceFirst("^#", ""));
        }
        return new SchemaType(here, root);
    }

    /// Empty: it can have nothing there.
    Optional<SchemaType> at(List<String> path) {
        var here = this;
        for (var step : path) {
            var next = here.step(step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            here = next.get();
        }
        return Optional.of(here);
    }

    private Optional<SchemaType> step(String step) {
        var types = types();
        var property = schema.path("properties").path(step);
        if (!property.isMissingNode()) {
            return Optional.of(new SchemaType(property, root).followed());
        }
        if (types.contains("array") && step.matches("\\d+")) {
            return Optional.of(element());
        }
        var others = schema.path("additionalProperties");
        if (others.isObject()) {
            return Optional.of(new SchemaType(others, root).followed());
        }
        var isClosed = schema.path("properties").isObject() && !others.asBoolean(false) || !types.isEmpty()
                && !types.contains("object") && !types.contains("array");
        return isClosed ? Optional.empty() : Optional.of(UNKNOWN);
    }

    /// Of a list: what its elements are like.
    SchemaType element() {
        return schema.path("items").isObject() ? new SchemaType(schema.path("items"), root).followed() : UNKNOWN;
    }

    /// A list of such.
    SchemaType listed() {
        var list = JsonNodeFactory.instance.objectNode().put("type", "array");
        list.set("items", schema);
        return new SchemaType(list, root);
    }

    /// Empty: it may be anything.
    Set<String> types() {
        var type = schema.path("type");
        var types = new HashSet<String>();
        if (type.isString()) {
            types.add(type.asString());
        }
        type.forEach(one -> types.add(one.asString()));
        return types;
    }

    /// No value of this kind is of any of these types.
    boolean excludes(Set<String> wanted) {
        var types = types();
        if (types.isEmpty() || wanted.isEmpty()) {
            return false;
        }
        return types.stream().noneMatch(type -> wanted.contains(type) || type.equals("integer")
                && wanted.contains("number") || type.equals("number") && wanted.contains("integer"));
    }

    /// For people, e.g. `an object with rows, table`.
    String words() {
        var types = types();
        if (schema.path("properties").isObject()) {
            return "an object with " + schema.path("properties").propertyNames().stream().sorted()
                    .collect(Collectors.joining(", "));
        }
        return types.isEmpty() ? "anything" : types.stream().filter(type -> !type.equals("null")).sorted()
                .collect(Collectors.joining(" or "));
    }
}
