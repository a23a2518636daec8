package dev.longhaul.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes an endpoint of `/api/v1`. openapi.json is derived from it, and the contract tests verify it.
///
/// Every endpoint may also respond with `invalid-request` (an unknown or invalid parameter), `database-unavailable`,
/// and where there is a body `malformed-json`, `too-large`, `unsupported-media-type` and `input-invalid`.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Endpoint {

    /// Summary: an imperative, e.g. `Submit an operation`.
    String value();

    /// For callers, in Markdown.
    String description() default "";

    /// Of a successful response.
    int status() default 200;

    /// Other successful statuses, e.g. 304.
    int[] also() default {};

    /// Type of the body; `Void`: the return type.
    Class<?> body() default Void.class;

    /// Other media types of the response.
    String[] media() default {};

    ProblemKind[] problems() default {};
}
