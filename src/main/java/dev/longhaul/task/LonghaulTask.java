package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a method of a Spring bean a task: `@LonghaulTask("invoice.send") Receipt send(Invoice invoice)`. The method
/// takes the input, a record, and after it a [TaskContext] if it needs one. It returns the output, or nothing.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LonghaulTask {

    /// The type, e.g. `invoice.send`: lower case, digits, underscores, and dots between words.
    String value();

    /// What the task does, when to use it, what it returns: for people and for models that choose a tool.
    String description() default "";

    /// Attempts that may fail, unless the submission says otherwise.
    int maxAttempts() default 5;

    /// Maximum run time of an attempt, unless the submission says otherwise, e.g. `5m`; empty: none.
    String timeout() default "";

    /// Operations with one key run one after the other, unless the submission says otherwise. `${name}` stands for a
    /// member of the input, e.g. `customer:${customer_id}`; empty: none.
    String concurrencyKey() default "";

    /// Starts the task by a schedule of its type's name, e.g. `30 2 * * *`, with an empty input; empty: none.
    String cron() default "";

    /// Time zone of `cron`.
    String zone() default "UTC";
}
