package dev.longhaul.workflow;

import dev.longhaul.types.SchemaPart;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The type of a value, as far as a JSON Schema defines it.
///
/// @param root schema that `$ref` refers to
record SchemaType(JsonNode schema, JsonNode root) {

    static final SchemaType UNKNOWN = of(JsonNodeFactory.instance.objectNode());
    static final SchemaType TEXT = of(JsonNodeFactory.instance.objectNode().put("type", "string"));
    static final SchemaType WHOLE_NUMBER = of(JsonNodeFactory.instance.objectNode().put("type", "integer"));
    private static final int MAX_REFERENCES = 20;

    static SchemaType of(JsonNode schema) {
        return new SchemaType(schema, schema).resolveReferences();
    }

    private SchemaType resolveReferences() {
        var current = schema;
        for (var n = 0; n < MAX_REFERENCES && current.path("$ref").isString(); n++) {
            current = SchemaPart.root(root).target(current.path("$ref").asString()).map(SchemaPart::schema)
                    .orElse(UNKNOWN.schema);
        }
        return new SchemaType(current, root);
    }

    /// Empty: the schema permits no value there.
    Optional<SchemaType> at(List<String> path) {
        var current = this;
        for (var step : path) {
            var next = current.child(step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            current = next.get();
        }
        return Optional.of(current);
    }

    private Optional<SchemaType> child(String step) {
        var types = types();
        var property = schema.path("properties").path(step);
        if (!property.isMissingNode()) {
            return Optional.of(new SchemaType(property, root).resolveReferences());
        }
        if (types.contains("array") && step.matches("\\d+")) {
            return Optional.of(element());
        }
        var others = schema.path("additionalProperties");
        if (others.isObject()) {
            return Optional.of(new SchemaType(others, root).resolveReferences());
        }
        var isClosed = schema.path("properties").isObject() && !others.asBoolean(false) || !types.isEmpty()
                && !types.contains("object") && !types.contains("array");
        return isClosed ? Optional.empty() : Optional.of(UNKNOWN);
    }

    /// The type of the elements of a list.
    SchemaType element() {
        return schema.path("items").isObject() ? new SchemaType(schema.path("items"), root)
                .resolveReferences() : UNKNOWN;
    }

    /// A list with elements of this type.
    SchemaType asList() {
        var list = JsonNodeFactory.instance.objectNode().put("type", "array");
        list.set("items", schema);
        return new SchemaType(list, root);
    }

    /// Empty: any type.
    Set<String> types() {
        var type = schema.path("type");
        var types = new HashSet<String>();
        if (type.isString()) {
            types.add(type.asString());
        }
        type.forEach(one -> types.add(one.asString()));
        return types;
    }

    /// True if no value of this type has one of the `wanted` types.
    boolean excludes(Set<String> wanted) {
        var types = types();
        if (types.isEmpty() || wanted.isEmpty()) {
            return false;
        }
        return types.stream().noneMatch(type -> wanted.contains(type) || type.equals("integer")
                && wanted.contains("number") || type.equals("number") && wanted.contains("integer"));
    }

    /// For people, e.g. `an object with rows, table`.
    String description() {
        var types = types();
        if (schema.path("properties").isObject()) {
            return "an object with " + schema.path("properties").propertyNames().stream().sorted()
                    .collect(Collectors.joining(", "));
        }
        return types.isEmpty() ? "anything" : types.stream().filter(type -> !type.equals("null")).sorted()
                .collect(Collectors.joining(" or "));
    }
}
