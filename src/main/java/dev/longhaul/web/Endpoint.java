package dev.longhaul.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What an endpoint of `/api/v1` is for and what may come back: openapi.json is derived from it, and the contract tests
/// hold the endpoint to it.
///
/// Not repeated are the problems that every endpoint may answer with: `invalid-request` (a parameter that there is not,
/// or of the wrong kind), `database-away`, and where there is a body `malformed-json`, `too-large`,
/// `unsupported-media-type` and `input-invalid`.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Endpoint {

    /// One sentence, e.g. `Submits an operation`.
    String value();

    /// What the handler's own documentation says to a caller, in Markdown.
    String description() default "";

    /// Of the answer to a request that was granted.
    int status() default 200;

    /// Other answers that are no problem, e.g. 304.
    int[] also() default {};

    /// What is in the body, where the return type does not say; `Void`: it does.
    Class<?> body() default Void.class;

    /// Other media types that the same answer is told in, if `Accept` asks for it.
    String[] media() default {};

    ProblemKind[] problems() default {};
}
