package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a component of a task's input record that nobody but the task may see, e.g. `@Secret String password`: it is
/// stored encrypted, and its value is blacked out in whatever the task reports, logs, returns or fails with. See
/// docs/writing-tasks.md.
@Documented
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Secret {}
