package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.stereotype.Component;

/// The URI and the description of a resource; makes the class a Spring bean.
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

    /// Its contents.
    String description();

    /// E.g. `application/json`.
    String mimeType();
}
