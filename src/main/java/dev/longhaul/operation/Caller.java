package dev.longhaul.operation;

/// The principal that makes a change, and the source of the change. Both are written to the history.
///
/// @param name   e.g. `anonymous`, an API key's name, or a worker's name
/// @param source `engine`, `mcp`, `rest`, `cli`, `dashboard`
public record Caller(String name, String source) {

    public Caller {
        name = Text.cleaned(name, 200);
    }
}
