package dev.longhaul.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The JSON body of a request, read strictly ([StrictJson]) and checked against the schema that is derived from the
/// record it becomes.
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonBody {

    /// True: no body stands for `{}`.
    boolean optional() default false;

    /// True: `application/yaml` is taken too.
    boolean yaml() default false;

    /// How many bytes are taken.
    int limit() default StrictJson.USUAL_LIMIT;
}
