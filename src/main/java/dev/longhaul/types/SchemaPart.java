package dev.longhaul.types;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schema within a JSON Schema document, and how it reaches others.
///
/// @param pointer JSON Pointer within the document; empty: the whole document
public record SchemaPart(JsonNode document, String pointer, JsonNode schema) {

    /// Keywords with one schema, with a list of schemas and with schemas by name.
    private static final Set<String> SINGLE = Set.of("not", "if", "then", "else", "items", "contains",
            "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames", "contentSchema");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> MAPS = Set.of("properties", "patternProperties", "dependentSchemas", "$defs",
            "definitions");
    /// They apply to the same value as the schema that has them.
    private static final Set<String> SAME_VALUE = Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else",
            "dependentSchemas");
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef");

    public static SchemaPart root(JsonNode document) {
        return new SchemaPart(document, "", document);
    }

    /// A reference of this schema and its target; null: it has none.
    record Reference(String pointer, String text, @Nullable SchemaPart target) {}

    SchemaPart at(String keyword) {
        return new SchemaPart(document, pointer + "/" + escaped(keyword), schema.path(keyword));
    }

    SchemaPart at(int index) {
        return new SchemaPart(document, pointer + "/" + index, schema.path(index));
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /// Calls `with` for each schema directly within this one.
    void forEachPart(Consumer<SchemaPart> with) {
        schema.propertyStream().map(Map.Entry::getKey).forEach(keyword -> forEachPart(keyword, with));
    }

    /// As [#forEachPart], for those that apply to the same value, including the targets of references.
    public void forEachOfSameValue(Consumer<SchemaPart> with) {
        SAME_VALUE.forEach(keyword -> forEachPart(keyword, with));
        forEachReference(reference -> {
            if (reference.target != null) {
                with.accept(reference.target);
            }
        });
    }

    private void forEachPart(String keyword, Consumer<SchemaPart> with) {
        var value = at(keyword);
        if (SINGLE.contains(keyword)) {
            accept(value, with);
        } else if (LISTS.contains(keyword) && value.schema.isArray()) {
            for (var index = 0; index < value.schema.size(); index++) {
                accept(value.at(index), with);
            }
        } else if (MAPS.contains(keyword) && value.schema.isObject()) {
            value.schema.propertyNames().forEach(name -> accept(value.at(name), with));
        }
    }

    private static void accept(SchemaPart part, Consumer<SchemaPart> with) {
        if (part.schema.isObject()) {
            with.accept(part);
        }
    }

    void forEachReference(Consumer<Reference> with) {
        REFERENCES.forEach(keyword -> {
            var value = schema.path(keyword);
            if (value.isString()) {
                with.accept(new Reference(pointer + "/" + keyword, value.asString(),
                        target(value.asString()).orElse(null)));
            }
        });
    }

    /// What a reference of this document means; empty: there is no schema.
    public Optional<SchemaPart> target(String reference) {
        if (!reference.startsWith("#")) {
            return Optional.empty();
        }
        try {
            var fragment = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (!fragment.isEmpty() && !fragment.startsWith("/")) {
                return anchored(root(document), fragment);
            }
            var found = document.at(fragment);
            return found.isObject() || found.isBoolean() ? Optional.of(new SchemaPart(document, fragment, found))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<SchemaPart> anchored(SchemaPart part, String name) {
        if (part.schema.path("$anchor").asString("").equals(name)
                || part.schema.path("$dynamicAnchor").asString("").equals(name)) {
            return Optional.of(part);
        }
        var found = new ArrayList<SchemaPart>();
        part.forEachPart(below -> anchored(below, name).ifPresent(found::add));
        return found.stream().findFirst();
    }
}
