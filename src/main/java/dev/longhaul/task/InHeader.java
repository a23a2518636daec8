package dev.longhaul.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Clients of MCP 2026-07-28 repeat this component of the arguments in the HTTP header `Mcp-Param-…`, for gateways that
/// route by it. Only for texts, integers and booleans at the top level, and not for secrets.
@Documented
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface InHeader {

    /// E.g. `Region`, for `Mcp-Param-Region`.
    String value();
}
