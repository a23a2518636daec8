package dev.longhaul.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An endpoint that will go. Said here alone: every answer of it has the headers `Deprecation` (RFC 9745), `Sunset`
/// (RFC 8594) and `Link`, and openapi.json marks it as deprecated.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Retiring {

    /// From which day on nobody should begin to use it, e.g. `2026-12-01`.
    String since();

    /// On which day it may stop to answer, e.g. `2027-06-01`; empty: that is not decided.
    String sunset() default "";

    /// A page that says what to use instead, e.g. `/docs/index.html#retry`.
    String instead();
}
