package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Hints for models about a task as a tool. Without the annotation the defaults of MCP hold: the task may delete data
/// and may reach beyond this service.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AsTool {

    /// For people, e.g. `Import a CSV file`.
    String title() default "";

    /// The task changes nothing.
    boolean readOnly() default false;

    /// The task may delete or overwrite data.
    boolean destructive() default true;

    /// A second run with the same input changes nothing more.
    boolean idempotent() default false;

    /// The task reaches beyond this service.
    boolean openWorld() default true;

    /// The task always takes long: only a client with the tasks extension may call it. Others use `start_long_task`.
    boolean onlyAsTask() default false;
}
