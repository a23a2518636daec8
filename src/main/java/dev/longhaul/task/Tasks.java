package dev.longhaul.task;

import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfig;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.operation.Submission;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tasks there are, by type.
@Component
public class Tasks {

    private final Map<String, RegisteredTask> byType = new TreeMap<>();
    private final @Nullable RegisteredTask fallback;

    Tasks(ListableBeanFactory beans, JsonMapper mapper, RehearsalSettings rehearsal, Environment environment) {
        var json = strict(mapper);
        var generator = new SchemaGenerator(schemas(json));
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        beans.getBeansOfType(Task.class).values().forEach(task -> {
            var registered = registered(task, json, generator, registry);
            if (byType.put(registered.type(), registered) != null) {
                throw new IllegalStateException("two tasks have the type " + registered.type());
            }
        });
        var anyType = rehearsal.anyType() == null ? !environment.containsProperty("spring.datasource.url") : rehearsal.anyType();
        this.fallback = anyType ? byType.get("rehearsal") : null;
    }

    public Collection<RegisteredTask> all() {
        return Collections.unmodifiableCollection(byType.values());
    }

    /// The task that runs operations of this type.
    public Optional<RegisteredTask> find(String type) {
        return Optional.ofNullable(byType.getOrDefault(type, fallback));
    }

    /// Refuses what could never run.
    ///
    /// @throws UnknownType  if no task bears the type
    /// @throws InvalidInput if the input does not fit it
    public Submission checked(Submission submission) {
        find(submission.type()).orElseThrow(() -> new UnknownType(submission.type(), byType.keySet())).check(submission.input());
        return submission;
    }

    @SuppressWarnings("unchecked")
    private static RegisteredTask registered(Task<?, ?> task, JsonMapper json, SchemaGenerator generator, SchemaRegistry registry) {
        var declared = AopUtils.getTargetClass(task);
        var named = AnnotatedElementUtils.findMergedAnnotation(declared, TaskType.class);
        if (named == null || !named.value().matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalStateException(declared.getName() + " needs @TaskType with a name of lower case letters, digits and underscores");
        }
        var input = ResolvableType.forClass(declared).as(Task.class).getGeneric(0).resolve();
        if (input == null || !input.isRecord()) {
            throw new IllegalStateException("the input of task " + named.value() + " must be a record, not " + input);
        }
        var schema = generator.generateSchema(input);
        ((ObjectNode) schema).put("additionalProperties", false);
        return new RegisteredTask(named.value(), named.description(), (Task<Object, ?>) task, json.constructType(input),
                schema, registry.getSchema(schema), json);
    }

    /// JSON has snake_case names, Java camelCase. Numbers are not taken for text, text not for numbers, and nothing unknown is dropped.
    private static JsonMapper strict(JsonMapper mapper) {
        return mapper.rebuild()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
    }

    private static SchemaGeneratorConfig schemas(JsonMapper json) {
        var config = new SchemaGeneratorConfigBuilder(json, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(new JacksonSchemaModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
                .with(new JakartaValidationModule(JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED));
        config.forFields()
                .withPropertyNameOverrideResolver(field -> PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, field.getDeclaredName()))
                .withRequiredCheck(field -> !isOptional(field.getRawMember()))
                .withNullableCheck(field -> isOptional(field.getRawMember()));
        return config.build();
    }

    private static boolean isOptional(Field field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
