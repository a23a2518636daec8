package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.Submission;
import dev.longhaul.task.AsTool;
import dev.longhaul.task.LonghaulTask;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// All task types: those of this service and those of remote workers.
@Component
public class TaskRegistry {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");

    private final Map<String, RegisteredTask> byType = new TreeMap<>();
    private final Map<String, RegisteredTask> byTypeOrAlias = new HashMap<>();
    private final RemoteTasks remote;
    private final @Nullable RegisteredTask fallback;

    TaskRegistry(ListableBeanFactory beans, InputTypes inputs, RemoteTasks remote, SecretCipher cipher,
            SimulationSettings simulation, Environment environment) {
        this.remote = remote;
        beans.getBeansOfType(Task.class).forEach((bean, task) -> {
            var annotation = beans.findAnnotationOnBean(bean, TaskType.class);
            var registered = registered(task, annotation, inputs, cipher);
            add(registered);
            Stream.of(annotation.aliases()).forEach(alias -> register(alias, registered));
        });
        for (var bean : beans.getBeanNamesForType(Object.class, false, false)) {
            var declared = beans.getType(bean, false);
            if (declared != null) {
                MethodTask.of(declared, () -> beans.getBean(bean))
                        .forEach(method -> add(registered(method, inputs, cipher)));
            }
        }
        var anyType = simulation.anyType() == null ? !environment.containsProperty("spring.datasource.url")
                : simulation.anyType();
        this.fallback = anyType ? byType.get("simulation") : null;
    }

    /// The methods with a cron expression, by type.
    public Map<String, LonghaulTask> scheduled() {
        var scheduled = new TreeMap<String, LonghaulTask>();
        byType.forEach((type, task) -> task.method().filter(method -> !method.cron().isEmpty())
                .ifPresent(method -> scheduled.put(type, method)));
        return scheduled;
    }

    /// Whether beans of the class are tasks, or have methods that are.
    public static boolean isSource(Class<?> type) {
        return Task.class.isAssignableFrom(type) || MethodTask.isIn(type);
    }

    private void add(RegisteredTask task) {
        byType.put(task.type(), task);
        register(task.type(), task);
    }

    private void register(String name, RegisteredTask task) {
        var other = byTypeOrAlias.put(name, task);
        if (other != null) {
            throw new IllegalStateException("two tasks have the type " + name + ": " + other.source() + " and "
                    + task.source());
        }
    }

    /// The type of an own task by its type or an alias; the name itself if it is neither.
    public String typeOf(String name) {
        return byTypeOrAlias.containsKey(name) ? byTypeOrAlias.get(name).type() : name;
    }

    /// All types that can be submitted, sorted by name.
    public Collection<OperationType> all() {
        var all = new TreeMap<String, OperationType>();
        remote.all().forEach(task -> all.put(task.type(), task));
        all.putAll(byType);
        return all.values();
    }

    public Optional<OperationType> find(String type) {
        var own = byTypeOrAlias.get(type);
        return own != null ? Optional.of(own) : remote.find(type).map(OperationType.class::cast)
                .or(() -> Optional.ofNullable(fallback));
    }

    /// The task by which this node runs operations of this type.
    public Optional<RegisteredTask> own(String type) {
        return Optional.ofNullable(byTypeOrAlias.getOrDefault(type, fallback));
    }

    /// The types of the operations that this node can run; empty: any.
    public Optional<Set<String>> runnable() {
        return fallback == null ? Optional.of(Collections.unmodifiableSet(byTypeOrAlias.keySet())) : Optional.empty();
    }

    /// The types of this service's own tasks.
    public Set<String> ownTypes() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    /// @return the submission as it is stored: secret fields are encrypted
    /// @throws UnknownTaskType if no task has the type
    /// @throws InvalidInput    if the input does not fit the type
    public Submission checked(Submission submission) {
        return checked(submission, required(submission.type()));
    }

    private static Submission checked(Submission submission, OperationType type) {
        type.check(submission.input());
        var complete = type instanceof RegisteredTask own ? own.withDefaults(submission) : submission;
        return complete.withInput(type.encrypted(submission.input(), submission.idempotencyKey()));
    }

    /// A stored input as the task gets it.
    ///
    /// @throws NotRetryable if a secret field cannot be decrypted
    public OperationType.DecryptedInput decrypted(String type, JsonNode stored) throws NotRetryable {
        SecretFields.requireReadable(stored);
        if (SecretCipher.hasEncrypted(stored)) {
            return required(type).decrypted(stored);
        }
        // SQL stores a secret as plain text, and its value is masked all the same
        var own = byTypeOrAlias.get(type);
        var known = own == null ? remote.known(type) : Optional.<OperationType>of(own);
        return known.isPresent() ? known.get().decrypted(stored)
                : new OperationType.DecryptedInput(stored, Redactor.NONE);
    }

    /// As [#checked(Submission)], for a child.
    ///
    /// @param secrets of the parent's input: none may be stored unencrypted in the input of the child
    public Submission checkedChild(Submission child, Redactor secrets) {
        var checked = checked(child);
        if (secrets.finds(checked.input())) {
            throw new IllegalArgumentException("a secret of the operation would be stored unencrypted in the input of "
                    + "its child of type " + child.type() + ": the field must be marked as secret there, too");
        }
        var key = child.concurrency() == null ? "" : child.concurrency().key();
        var texts = Stream.concat(Stream.of(child.type(), child.queue(), key), child.labels().tags().stream());
        if (texts.anyMatch(text -> !secrets.redact(text).equals(text)) || secrets.finds(child.labels().metadata())) {
            throw new IllegalArgumentException("a secret of the operation would be stored unencrypted in the queue, "
                    + "the concurrency key, the tags or the metadata of its child");
        }
        return checked;
    }

    /// As [#checked(Submission)], for many: each type is looked up once.
    public UnaryOperator<Submission> checker() {
        var types = new HashMap<String, OperationType>();
        return submission -> checked(submission, types.computeIfAbsent(submission.type(), this::required));
    }

    /// @throws UnknownTaskType if no task has the type
    public OperationType required(String type) {
        return find(type)
                .orElseThrow(() -> new UnknownTaskType(type, all().stream().map(OperationType::type).toList()));
    }

    @SuppressWarnings("unchecked")
    private static RegisteredTask registered(Task<?, ?> task, @Nullable TaskType named, InputTypes inputs,
            SecretCipher cipher) {
        var declared = AopUtils.getTargetClass(task);
        if (named == null) {
            throw new IllegalStateException(declared.getName() + " needs @TaskType with a name");
        }
        requireName(named.value(), declared.getName());
        var input = ResolvableType.forClass(declared).as(Task.class).getGeneric(0).resolve();
        if (input == null || !input.isRecord()) {
            throw new IllegalStateException("the input of task " + named.value() + " must be a record, not " + input);
        }
        var output = ResolvableType.forClass(declared).as(Task.class).getGeneric(1);
        var inputType = input(named.value(), input, inputs);
        return new RegisteredTask(named.value(), named.description(), (Task<Object, ?>) task, inputType,
                outputSchema(output, inputs),
                AnnotatedElementUtils.findMergedAnnotation(declared, AsTool.class),
                SecretFields.of(named.value(), inputType.schema(), cipher), inputs.json());
    }

    private static InputType<?> input(String task, Class<?> record, InputTypes inputs) {
        try {
            var type = inputs.of(record);
            SecretFields.requireSealable(type.schema());
            return type;
        } catch (InvalidSchema unusable) {
            throw new UnusableTask("the input of task " + task, unusable);
        }
    }

    private static RegisteredTask registered(MethodTask method, InputTypes inputs, SecretCipher cipher) {
        var annotation = method.annotation();
        requireName(annotation.value(), method.toString());
        var input = input(annotation.value(), method.input(), inputs);
        return new RegisteredTask(annotation.value(), annotation.description(), method, input,
                outputSchema(method.output(), inputs), null,
                SecretFields.of(annotation.value(), input.schema(), cipher), inputs.json());
    }

    private static void requireName(String name, String of) {
        if (name.length() > 64 || !NAME.matcher(name).matches()) {
            throw new IllegalStateException("the type of " + of + " must be lower case letters, digits, underscores "
                    + "and dots between words, at most 64, e.g. invoice.send, not " + name);
        }
    }

    private static JsonNode outputSchema(ResolvableType output, InputTypes inputs) {
        var type = output.resolve();
        return type == null || type == Object.class || type == Void.class || JsonNode.class.isAssignableFrom(type)
                ? inputs.json().createObjectNode() : inputs.schemaOfOutput(output.getType()
                instanceof ParameterizedType generic ? generic : type);
    }
}
