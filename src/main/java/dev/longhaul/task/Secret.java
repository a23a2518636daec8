package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a component of an input record that only the task may see, e.g. `@Secret String password`. It is stored
/// encrypted, and its value is redacted in reports, logs, outputs and failures. See docs/writing-tasks.md.
@Documented
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Secret {}
