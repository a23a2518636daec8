package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.Submission;
import dev.longhaul.task.AsTool;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskType;
import java.lang.reflect.ParameterizedType;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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
public class TaskRegistry {

    private final Map<String, RegisteredTask> byType = new TreeMap<>();
    private final RemoteTasks remote;
    private final @Nullable RegisteredTask fallback;

    TaskRegistry(ListableBeanFactory beans, InputTypes inputs, RemoteTasks remote, SecretCipher vault,
            SimulationSettings rehearsal, Environment environment) {
        this.remote = remote;
        beans.getBeansOfType(Task.class).forEach((bean, task) -> {
            var registered = registered(task, beans.findAnnotationOnBean(bean, TaskType.class), inputs, vault);
            if (byType.put(registered.type(), registered) != null) {
                throw new IllegalStateException("two tasks have the type " + registered.type());
            }
        });
        var anyType = rehearsal.anyType() == null ? !environment.containsProperty("spring.datasource.url")
                : rehearsal.anyType();
        this.fallback = anyType ? byType.get("rehearsal") : null;
    }

    /// Everything that can be submitted, by type: what this service runs itself, and what remote workers run.
    public Collection<OperationType> all() {
        var all = new TreeMap<String, OperationType>();
        remote.all().forEach(task -> all.put(task.type(), task));
        all.putAll(byType);
        return all.values();
    }

    /// What operations of this type are submitted as.
    public Optional<OperationType> find(String type) {
        var own = byType.get(type);
        return own != null ? Optional.of(own) : remote.find(type).map(OperationType.class::cast)
                .or(() -> Optional.ofNullable(fallback));
    }

    /// The task by which this node runs operations of this type.
    public Optional<RegisteredTask> own(String type) {
        return Optional.ofNullable(byType.getOrDefault(type, fallback));
    }

    /// The types of the operations that this node can run; empty: any.
    public Optional<Set<String>> runnable() {
        return fallback == null ? Optional.of(Collections.unmodifiableSet(byType.keySet())) : Optional.empty();
    }

    /// The types of this service's own tasks.
    public Set<String> ownTypes() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    /// Refuses what could never run, and makes of the rest what may be stored.
    ///
    /// @return the same, with the secret fields of its input encrypted
    /// @throws UnknownType  if no task bears the type
    /// @throws InvalidInput if the input does not fit it
    public Submission checked(Submission submission) {
        return checked(submission, required(submission.type()));
    }

    private static Submission checked(Submission submission, OperationType type) {
        type.check(submission.input());
        return submission.withInput(type.stored(submission.input(), submission.idempotencyKey()));
    }

    /// A stored input as whoever runs it gets it, and what nobody else may see of it.
    ///
    /// @throws NotRetryable if a secret field cannot be decrypted
    public OperationType.Opened opened(String type, JsonNode stored) throws NotRetryable {
        return SecretCipher.hasSealed(stored) ? required(type)
                .opened(stored) : new OperationType.Opened(stored, Redactor.NOTHING);
    }

    /// As [#checked(Submission)], for a child.
    ///
    /// @param secrets of the parent's input: none may be stored unencrypted in the input of the child
    public Submission checkedChild(Submission child, Redactor secrets) {
        var checked = checked(child);
        if (!secrets.in(checked.input()).equals(checked.input())) {
            throw new IllegalArgumentException("a secret of the operation would be stored unencrypted in the input of "
                    + "its child of type " + child.type() + ": the field must be marked as secret there, too");
        }
        return checked;
    }

    /// The same for many that come together: each type is looked up once, and one of remote workers is a row.
    public UnaryOperator<Submission> checker() {
        var types = new HashMap<String, OperationType>();
        return submission -> checked(submission, types.computeIfAbsent(submission.type(), this::required));
    }

    /// @throws UnknownType if no task bears the type
    public OperationType required(String type) {
        return find(type)
                .orElseThrow(() -> new UnknownTaskType(type, all().stream().map(OperationType::type).toList()));
    }

    @SuppressWarnings("unchecked")
    private static RegisteredTask registered(Task<?, ?> task, @Nullable TaskType named, InputTypes inputs,
            SecretCipher vault) {
        var declared = AopUtils.getTargetClass(task);
        if (named == null || !named.value().matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalStateException(declared.getName()
                    + " needs @TaskType with a name of lower case letters, digits and underscores");
        }
        var input = ResolvableType.forClass(declared).as(Task.class).getGeneric(0).resolve();
        if (input == null || !input.isRecord()) {
            throw new IllegalStateException("the input of task " + named.value() + " must be a record, not " + input);
        }
        var output = ResolvableType.forClass(declared).as(Task.class).getGeneric(1);
        return new RegisteredTask(named.value(), named.description(), (Task<Object, ?>) task, inputs.of(input),
                outputSchema(output, inputs),
                AnnotatedElementUtils.findMergedAnnotation(declared, AsTool.class),
                SecretFields.of(named.value(), input, vault), inputs.json());
    }

    private static JsonNode outputSchema(ResolvableType output, InputTypes inputs) {
        var type = output.resolve();
        return type == null || type == Object.class || type == Void.class || JsonNode.class.isAssignableFrom(type)
                ? inputs.json().createObjectNode() : inputs.schemaOfOutput(output.getType()
                instanceof ParameterizedType generic ? generic : type);
    }
}
