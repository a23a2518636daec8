package dev.longhaul.operation;

import org.jspecify.annotations.Nullable;

/// Who makes a change, and through which door; both are written to the history.
///
/// @param name e.g. `anonymous`, an API key's name, or a worker's name
/// @param via  `engine`, `mcp`, `rest`, `cli`, `dashboard`
/// @param traceParent W3C trace context of the request, for what is submitted by it; null: none
public record Caller(String name, String via, @Nullable String traceParent) {

    public Caller {
        name = Text.cleaned(name, 200);
    }

    public Caller(String name, String via) {
        this(name, via, null);
    }
}
