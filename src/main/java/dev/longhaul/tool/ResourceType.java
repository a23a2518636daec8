package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.stereotype.Component;

/// Where a resource is found, and what is told of it; makes the class a Spring bean.
@Documented
@Component
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ResourceType {

    /// A URI such as `orders://open`, or a template such as `orders://{id}/lines`.
    String uri();

    /// E.g. `open-orders`.
    String name();

    /// For people.
    String title() default "";

    /// What it holds.
    String description();

    /// E.g. `application/json`.
    String mimeType();
}
