package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a model is told of a task as a tool, besides its name and description. Without it the protocol's defaults hold:
/// it may destroy, and may reach beyond this service.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AsTool {

    /// For people, e.g. `Import a CSV file`.
    String title() default "";

    /// It changes nothing.
    boolean readOnly() default false;

    /// It may delete or overwrite something.
    boolean destructive() default true;

    /// Running it again with the same input changes nothing more.
    boolean idempotent() default false;

    /// It reaches beyond this service.
    boolean openWorld() default true;

    /// It always takes so long that only a client that follows tasks may call it; others start it with
    /// `start_long_task`.
    boolean onlyAsTask() default false;
}
