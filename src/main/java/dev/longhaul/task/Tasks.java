package dev.longhaul.task;

import dev.longhaul.operation.Submission;
import java.lang.reflect.ParameterizedType;
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
import tools.jackson.databind.JsonNode;

/// The tasks there are, by type.
@Component
public class Tasks {

    private final Map<String, RegisteredTask> byType = new TreeMap<>();
    private final @Nullable RegisteredTask fallback;

    Tasks(ListableBeanFactory beans, InputTypes inputs, RehearsalSettings rehearsal, Environment environment) {
        beans.getBeansOfType(Task.class).values().forEach(task -> {
            var registered = registered(task, inputs);
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
    private static RegisteredTask registered(Task<?, ?> task, InputTypes inputs) {
        var declared = AopUtils.getTargetClass(task);
        var named = AnnotatedElementUtils.findMergedAnnotation(declared, TaskType.class);
        if (named == null || !named.value().matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalStateException(declared.getName() + " needs @TaskType with a name of lower case letters, digits and underscores");
        }
        var input = ResolvableType.forClass(declared).as(Task.class).getGeneric(0).resolve();
        if (input == null || !input.isRecord()) {
            throw new IllegalStateException("the input of task " + named.value() + " must be a record, not " + input);
        }
        var output = ResolvableType.forClass(declared).as(Task.class).getGeneric(1);
        return new RegisteredTask(named.value(), named.description(), (Task<Object, ?>) task, inputs.of(input), outputSchema(output, inputs),
                AnnotatedElementUtils.findMergedAnnotation(declared, AsTool.class), inputs.json());
    }

    private static JsonNode outputSchema(ResolvableType output, InputTypes inputs) {
        var type = output.resolve();
        return type == null || type == Object.class || type == Void.class || JsonNode.class.isAssignableFrom(type)
                ? inputs.json().createObjectNode() : inputs.schemaOfOutput(output.getType() instanceof ParameterizedType generic ? generic : type);
    }
}
