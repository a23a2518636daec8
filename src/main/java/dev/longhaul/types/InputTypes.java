package dev.longhaul.types;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.task.InHeader;
import dev.longhaul.task.Secret;
import java.lang.reflect.Field;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/// Derives input types from records. JSON has snake_case names, Java camelCase. A component without `@Nullable` is
/// required. Constraints are those of Jakarta Validation.
@Component
public class InputTypes {

    private final JsonMapper json;
    private final SchemaGenerator generator;
    private final SchemaGenerator outputs;

    InputTypes(JsonMapper mapper) {
        this.json = strict(mapper);
        this.generator = new SchemaGenerator(schemas(json).with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
                .build());
        this.outputs = new SchemaGenerator(schemas(json).build());
    }

    /// Writes the same names that it reads.
    public JsonMapper json() {
        return json;
    }

    /// @param type a record
    /// @throws InvalidSchema if an annotation is wrong, e.g. a pattern
    public <T> InputType<T> of(Class<T> type) {
        var schema = (ObjectNode) generator.generateSchema(type);
        schema.put("additionalProperties", false);
        return new InputType<>(type, schema, Schemas.compiled(schema), json);
    }

    /// For JSON with a given schema.
    ///
    /// @throws InvalidSchema if it cannot be used
    public InputType<ObjectNode> of(JsonNode schema) {
        return new InputType<>(ObjectNode.class, schema, Schemas.compiled(schema), json);
    }

    /// The schema of an output: a record or anything else that Jackson writes. It allows members that a later version
    /// may add.
    public ObjectNode schemaOfOutput(Type type) {
        return (ObjectNode) outputs.generateSchema(type);
    }

    /// The errors of `given` against a schema; empty: it fits.
    ///
    /// @throws InvalidSchema if it cannot be used
    public List<InvalidInput.Misfit> misfits(JsonNode schema, JsonNode given) {
        return Schemas.misfits(Schemas.compiled(schema), given);
    }

    /// A number is no text, a text is no number, and an unknown member is an error.
    private static JsonMapper strict(JsonMapper mapper) {
        return mapper.rebuild()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .addModule(new SimpleModule().addDeserializer(Duration.class, new TimeSpans()))
                .build();
    }

    private static SchemaGeneratorConfigBuilder schemas(JsonMapper json) {
        var config = new SchemaGeneratorConfigBuilder(json, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(new JacksonSchemaModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
                .with(new JakartaValidationModule(JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED));
        config.forTypesInGeneral().withCustomDefinitionProvider((type, _) -> fixed(type.getErasedType(), json));
        config.forFields()
                .withPropertyNameOverrideResolver(field -> name(field.getRawMember()))
                .withRequiredCheck(field -> !isOptional(field.getRawMember()))
                .withNullableCheck(field -> isOptional(field.getRawMember()))
                .withInstanceAttributeOverride((schema, field, _) -> {
                    var header = field.getAnnotationConsideringFieldAndGetter(InHeader.class);
                    if (header != null) {
                        schema.put("x-mcp-header", header.value());
                    }
                    if (field.getAnnotationConsideringFieldAndGetter(Secret.class) != null) {
                        schema.put("writeOnly", true);
                    }
                });
        return config;
    }

    private static String name(Field field) {
        var own = field.getAnnotation(JsonProperty.class);
        return own == null || own.value().isEmpty()
                ? PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, field.getName()) : own.value();
    }

    /// Types with a schema of their own: any JSON, and values that are written as text.
    private static @Nullable CustomDefinition fixed(Class<?> type, JsonMapper json) {
        if (type == JsonNode.class) {
            return asItIs(json.createObjectNode());
        }
        if (type == ObjectNode.class) {
            return asItIs(json.createObjectNode().put("type", "object"));
        }
        if (type == Duration.class) {
            return new CustomDefinition((ObjectNode) json.createObjectNode().put("type", "string").set("examples",
                    json.createArrayNode().add("90s").add("1h30m").add("PT30S")), true);
        }
        return type == Instant.class ? new CustomDefinition(json.createObjectNode().put("type", "string").put("format",
                "date-time"), true) : null;
    }

    /// The schema as given, open to further members.
    private static CustomDefinition asItIs(ObjectNode schema) {
        return new CustomDefinition(schema, CustomDefinition.DefinitionType.INLINE,
                CustomDefinition.AttributeInclusion.NO);
    }

    private static final class TimeSpans extends StdScalarDeserializer<Duration> {

        TimeSpans() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            var text = parser.getString();
            try {
                return TimeSpan.parse(text);
            } catch (IllegalArgumentException unreadable) {
                throw DatabindException.from(parser, unreadable.getMessage(), unreadable);
            }
        }
    }

    private static boolean isOptional(Field field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
