package dev.longhaul.types;

import dev.longhaul.operation.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where a JSON Schema says that a value has secrets: `writeOnly` or `"x-secret": true`.
///
/// A place is secret if any schema says so that may apply there: of all branches of `anyOf`, `oneOf`, `allOf`, `not`
/// and `if`, and of all references. Branches are not chosen by the value, so an encrypted value has the same places.
final class SecretPlaces {

    private static final Set<String> MARKS = Set.of("writeOnly", "x-secret");

    private final SchemaPart root;

    private SecretPlaces(SchemaPart root) {
        this.root = root;
    }

    /// Empty: the schema marks no secret.
    static Optional<SecretPlaces> of(JsonNode schema) {
        var root = SchemaPart.root(schema);
        return leadsToSecret(root, new HashSet<>()) ? Optional.of(new SecretPlaces(root)) : Optional.empty();
    }

    <E extends Exception> JsonNode replaced(JsonNode value, SecretReplacement<E> with) throws E {
        return replaced(value, List.of(root), List.of(), with);
    }

    private static <E extends Exception> JsonNode replaced(JsonNode value, List<SchemaPart> schemas, List<String> path,
            SecretReplacement<E> with) throws E {
        var parts = ofSameValue(schemas);
        if (parts.isEmpty()) {
            return value;
        }
        if (!path.isEmpty() && parts.stream().anyMatch(SecretPlaces::isSecret)) {
            return with.of(path, value);
        }
        if (value instanceof ObjectNode object) {
            var copy = JsonNodeFactory.instance.objectNode();
            for (var member : object.properties()) {
                copy.set(member.getKey(), replaced(member.getValue(), ofMember(parts, member.getKey()),
                        below(path, member.getKey()), with));
            }
            return copy;
        }
        if (value instanceof ArrayNode array) {
            var copy = JsonNodeFactory.instance.arrayNode();
            for (var index = 0; index < array.size(); index++) {
                copy.add(replaced(array.get(index), ofElement(parts, index), below(path, "" + index), with));
            }
            return copy;
        }
        if (parts.stream().anyMatch(part -> leadsToSecret(part, new HashSet<>()))) {
            with.insteadOfContainer(path, value);
        }
        return value;
    }

    private static List<String> below(List<String> path, String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    static String pointer(List<String> path) {
        return path.stream().map(name -> "/" + SchemaPart.escaped(name)).collect(Collectors.joining());
    }

    private static boolean isSecret(SchemaPart part) {
        return MARKS.stream().anyMatch(mark -> part.schema().path(mark).asBoolean(false));
    }

    /// The schemas and all that apply to the same value.
    private static List<SchemaPart> ofSameValue(List<SchemaPart> schemas) {
        var all = new LinkedHashMap<String, SchemaPart>();
        schemas.forEach(part -> collect(part, all));
        return List.copyOf(all.values());
    }

    private static void collect(SchemaPart part, LinkedHashMap<String, SchemaPart> all) {
        if (part.schema().isObject() && all.putIfAbsent(part.pointer(), part) == null) {
            part.forEachOfSameValue(next -> collect(next, all));
        }
    }

    private static List<SchemaPart> ofMember(List<SchemaPart> parts, String name) {
        var found = new ArrayList<SchemaPart>();
        for (var part : parts) {
            var schema = part.schema();
            var before = found.size();
            if (schema.path("properties").has(name)) {
                found.add(part.at("properties").at(name));
            }
            schema.path("patternProperties").propertyNames().stream()
                    .filter(pattern -> Pattern.compile(pattern).matcher(name).find())
                    .forEach(pattern -> found.add(part.at("patternProperties").at(pattern)));
            if (found.size() == before) {
                found.add(part.at("additionalProperties"));
            }
            found.add(part.at("unevaluatedProperties"));
        }
        return found;
    }

    private static List<SchemaPart> ofElement(List<SchemaPart> parts, int index) {
        var found = new ArrayList<SchemaPart>();
        for (var part : parts) {
            found.add(index < part.schema().path("prefixItems").size() ? part.at("prefixItems").at(index)
                    : part.at("items"));
            found.add(part.at("contains"));
            found.add(part.at("unevaluatedItems"));
        }
        return found;
    }

    /// Whether a secret is marked by this schema or one within it.
    private static boolean leadsToSecret(SchemaPart part, Set<String> seen) {
        if (!part.schema().isObject() || !seen.add(part.pointer())) {
            return false;
        }
        var parts = new ArrayList<SchemaPart>();
        part.forEachPart(parts::add);
        part.forEachOfSameValue(parts::add);
        return isSecret(part) || parts.stream().anyMatch(next -> leadsToSecret(next, seen));
    }

    /// @throws InvalidSchema for a secret that is no value within the document, or a mark that is not a boolean
    static void requireSealable(SchemaPart root) {
        var whole = ofSameValue(List.of(root)).stream().filter(SecretPlaces::isSecret).findFirst();
        if (whole.isPresent()) {
            throw new InvalidSchema(whole.get().pointer(),
                    "must not make the whole value secret: mark its members with writeOnly");
        }
        requireSealableParts(root);
    }

    private static void requireSealableParts(SchemaPart part) {
        var mark = part.schema().path("x-secret");
        if (!mark.isMissingNode() && !mark.isBoolean()) {
            throw new InvalidSchema(part.pointer() + "/x-secret", "must be true or false, not "
                    + Text.quoted(mark.toString()));
        }
        for (var keyword : List.of("propertyNames", "contentSchema")) {
            if (leadsToSecret(part.at(keyword), new HashSet<>())) {
                throw new InvalidSchema(part.at(keyword).pointer(), "must not mark a secret: a name or the content of "
                        + "a text cannot be encrypted by itself. Mark the value with writeOnly");
            }
        }
        part.forEachPart(SecretPlaces::requireSealableParts);
    }
}
