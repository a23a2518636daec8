package dev.longhaul.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The JSON body of a request, parsed by [StrictJson] and validated against the schema of its record.
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonBody {

    /// True: a missing body means `{}`.
    boolean optional() default false;

    /// True: also accepts `application/yaml`.
    boolean yaml() default false;

    /// A list whose invalid entries are left out, and do not refuse the others; empty: none. The handler finds them in
    /// [RefusedEntries].
    String entries() default "";

    /// Maximum number of bytes.
    int limit() default StrictJson.USUAL_LIMIT;
}
