package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/// The name of a prompt; makes the class a Spring bean.
@Documented
@Component
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface PromptType {

    /// E.g. `investigate_failure`: lower case, digits and underscores.
    @AliasFor(annotation = Component.class, attribute = "value")
    String value();

    /// For people.
    String title() default "";

    /// Its purpose.
    String description();
}
