package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/// The name and the description of a tool; makes the class a Spring bean.
@Documented
@Component
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ToolType {

    /// E.g. `get_exchange_rate`: lower case, digits and underscores.
    @AliasFor(annotation = Component.class, attribute = "value")
    String value();

    /// For people, e.g. `Get an exchange rate`.
    String title() default "";

    /// What it does, when to use it, what it returns.
    String description();

    /// Calling it changes nothing.
    boolean readOnly() default false;

    /// It may delete or overwrite something.
    boolean destructive() default false;

    /// Calling it again with the same arguments changes nothing more.
    boolean idempotent() default false;

    /// It reaches beyond this service.
    boolean openWorld() default false;
}
