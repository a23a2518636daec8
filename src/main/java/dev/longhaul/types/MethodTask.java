package dev.longhaul.types;

import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.task.LonghaulTask;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.PropertyPlaceholderHelper;
import tools.jackson.databind.JsonNode;

/// A method with [LonghaulTask].
final class MethodTask implements Task<Object, Object> {

    private static final PropertyPlaceholderHelper MEMBERS = new PropertyPlaceholderHelper("${", "}");

    private final Object bean;
    private final Method method;
    private final Method invocable;
    private final LonghaulTask annotation;

    private MethodTask(Object bean, Method method, LonghaulTask annotation) {
        this.bean = bean;
        this.method = method;
        this.invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        this.annotation = annotation;
        invocable.setAccessible(true);
    }

    /// The methods of a bean's class.
    ///
    /// @param bean asked for only if there are any
    static List<MethodTask> of(Class<?> type, Supplier<Object> bean) {
        return methods(type).entrySet().stream()
                .map(found -> new MethodTask(bean.get(), found.getKey(), found.getValue())).toList();
    }

    static boolean isIn(Class<?> type) {
        return !methods(type).isEmpty();
    }

    private static Map<Method, LonghaulTask> methods(Class<?> type) {
        return !AnnotationUtils.isCandidateClass(type, LonghaulTask.class) ? Map.of()
                : MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable LonghaulTask>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, LonghaulTask.class));
    }

    LonghaulTask annotation() {
        return annotation;
    }

    /// @throws IllegalStateException if the method takes something else
    Class<?> input() {
        var parameters = method.getParameterTypes();
        var takesContext = parameters.length == 2 && parameters[1] == TaskContext.class;
        if (parameters.length == 0 || parameters.length > 1 && !takesContext || !parameters[0].isRecord()) {
            throw new IllegalStateException("the method of task " + annotation.value() + " must take its input, a "
                    + "record, and perhaps a TaskContext after it: " + method.toGenericString());
        }
        return parameters[0];
    }

    ResolvableType output() {
        return ResolvableType.forMethodReturnType(method);
    }

    @Override
    public @Nullable Object run(Object input, TaskContext context) throws Exception {
        try {
            return method.getParameterCount() == 1 ? invocable.invoke(bean, input)
                    : invocable.invoke(bean, input, context);
        } catch (InvocationTargetException thrown) {
            switch (thrown.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw thrown;
            }
        }
    }

    /// The submission with the options of the annotation, where it has none of its own.
    Submission withDefaults(Submission submission) {
        var limits = submission.limits();
        var result = submission;
        if (limits.maxAttempts() == Limits.DEFAULT.maxAttempts()) {
            result = result.with(given -> given.withMaxAttempts(annotation.maxAttempts()));
        }
        if (limits.timeout() == null && !annotation.timeout().isEmpty()) {
            result = result.with(given -> given.withTimeout(TimeSpan.parse(annotation.timeout())));
        }
        if (submission.concurrency() == null && !annotation.concurrencyKey().isEmpty()) {
            result = result.withConcurrency(Concurrency.of(key(submission.input()), 1));
        }
        return result;
    }

    private String key(JsonNode input) {
        return MEMBERS.replacePlaceholders(annotation.concurrencyKey(), member -> {
            var value = input.path(member);
            return value.isString() ? value.asString() : value.toString();
        });
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }
}
