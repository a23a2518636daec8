package dev.longhaul.types;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.types.InvalidInput.Misfit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Compiles JSON Schemas 2020-12. A schema that cannot validate every value within bounds is refused.
public final class Schemas {

    private static final int MAX_LENGTH = 64 * 1024;
    /// Of schemas within schemas, and of schemas that refer to each other for one value.
    private static final int MAX_DEPTH = 32;
    /// A schema may double its work with each level of a value.
    private static final long MAX_STEPS = 200_000;
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(
                            SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
    private static final Schema META_SCHEMA = REGISTRY.getSchema(SchemaLocation.of(DIALECT));

    private Schemas() {
    }

    /// @throws InvalidSchema if it cannot be used
    public static Schema compiled(JsonNode schema) {
        if (!schema.isObject()) {
            throw new InvalidSchema("", schema.isMissingNode() ? "cannot be read as JSON" : "must be a JSON object");
        }
        StorableJson.required("the schema", schema);
        var length = schema.toString().length();
        if (length > MAX_LENGTH) {
            throw new InvalidSchema("", "must have at most " + MAX_LENGTH + " characters, not " + length);
        }
        requireParts(SchemaPart.root(schema), 1);
        requireKeywords(schema);
        requireEnd(SchemaPart.root(schema), new HashMap<>(), 1);
        try {
            var compiled = REGISTRY.getSchema(schema);
            compiled.initializeValidators();
            return compiled;
        } catch (SchemaException unusable) {
            throw new InvalidSchema("", "cannot be used: " + Text.cleaned(String.valueOf(unusable.getMessage()), 300));
        }
    }

    /// Patterns and references, at every depth.
    private static void requireParts(SchemaPart part, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidSchema(part.pointer(), "is nested deeper than " + MAX_DEPTH + " schemas");
        }
        requirePattern(part.at("pattern"), part.schema().path("pattern").asString(""));
        part.schema().path("patternProperties").propertyNames()
                .forEach(pattern -> requirePattern(part.at("patternProperties").at(pattern), pattern));
        requireLocal(part.at("$schema"));
        requireLocal(part.at("$id"));
        part.forEachReference(reference -> {
            if (reference.target() == null) {
                throw new InvalidSchema(reference.pointer(), "must refer to a schema of this document, e.g. "
                        + "#/$defs/size, not to " + Text.quoted(reference.text()));
            }
        });
        part.forEachPart(below -> requireParts(below, depth + 1));
    }

    private static void requirePattern(SchemaPart place, String pattern) {
        try {
            Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException invalid) {
            throw new InvalidSchema(place.pointer(), "must be a regular expression, not " + Text.quoted(pattern) + ": "
                    + invalid.getDescription());
        } catch (StackOverflowError deep) {
            throw new InvalidSchema(place.pointer(), "is nested too deeply: " + Text.quoted(pattern));
        }
    }

    /// A schema at another address would be fetched.
    private static void requireLocal(SchemaPart place) {
        var address = place.schema();
        if (address.isString() && !address.asString().startsWith("#") && !address.asString().equals(DIALECT)) {
            throw new InvalidSchema(place.pointer(), "must not name another document, not "
                    + Text.quoted(address.asString()));
        }
    }

    private static void requireKeywords(JsonNode schema) {
        META_SCHEMA.validate(schema).stream().findFirst().ifPresent(problem -> {
            var place = problem.getInstanceLocation().toString().replaceFirst("^[$#]", "");
            throw new InvalidSchema(place, problem.getMessage().replaceFirst("^[^:]*: ", "") + ", not "
                    + Text.quoted(schema.at(place).toString()));
        });
    }

    private enum Visit { UNDERWAY, DONE }

    /// Refuses a schema that leads to itself without a member or an element in between: it has no end.
    private static void requireEnd(SchemaPart part, Map<String, Visit> visits, int depth) {
        var before = visits.putIfAbsent(part.pointer(), Visit.UNDERWAY);
        if (before == Visit.DONE) {
            return;
        }
        if (before == Visit.UNDERWAY) {
            throw new InvalidSchema(part.pointer(), "refers to itself without end");
        }
        if (depth > MAX_DEPTH) {
            throw new InvalidSchema(part.pointer(), "is reached by more than " + MAX_DEPTH + " references in a row");
        }
        part.forEachOfSameValue(next -> requireEnd(next, visits, depth + 1));
        visits.put(part.pointer(), Visit.DONE);
        part.forEachPart(below -> requireEnd(below, visits, 1));
    }

    /// The errors of a value; empty: it fits.
    public static List<Misfit> misfits(Schema schema, JsonNode given) {
        return misfits(schema, given, given);
    }

    /// @param shown the same value for the messages, without secrets
    static List<Misfit> misfits(Schema schema, JsonNode given, JsonNode shown) {
        var misfits = new ArrayList<Misfit>();
        try {
            for (var problem : schema.validate(given, Schemas::bound)) {
                var place = problem.getInstanceLocation().toString().replaceFirst("^[/$#.]+", "");
                var message = problem.getMessage().replaceFirst("^[^:]*: ", "")
                        .replaceFirst("\\[(\\w+), null] expected", "$1 expected");
                misfits.add(place.isEmpty() ? new Misfit("", message) : new Misfit("/" + place, message
                        + found(shown, problem.getInstanceLocation().toString())));
            }
        } catch (ValidationLimitExceededException | StackOverflowError limit) {
            misfits.add(new Misfit("", "takes more than " + MAX_STEPS + " steps to validate by its schema"));
        }
        return misfits;
    }

    private static void bound(ExecutionContext context) {
        context.executionConfig(config -> config.maxEvaluationSteps(MAX_STEPS));
    }

    static String found(JsonNode given, String pointer) {
        var node = given.at(pointer.isEmpty() || pointer.startsWith("/") ? pointer : "/" + pointer);
        if (node.isMissingNode()) {
            return "";
        }
        var text = node.toString();
        return ", not " + (text.length() > 60 ? text.substring(0, 59) + "…" : text);
    }
}
