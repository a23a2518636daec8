package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/// The name by which a task is started. On a class it makes the class a Spring bean; on a `@Bean` method it names that
/// bean, so that one class can be several task types.
@Documented
@Component
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface TaskType {

    /// E.g. `csv_import`: lower case, digits and underscores.
    @AliasFor(annotation = Component.class, attribute = "value")
    String value();

    /// What the task does, when to use it, what it returns: for people and for models that choose a tool.
    String description() default "";

    /// Former names, under which operations can still be submitted and run.
    String[] aliases() default {};
}
