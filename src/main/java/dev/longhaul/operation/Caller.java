package dev.longhaul.operation;

/// The principal that makes a change, and the source of the change. Both are written to the history.
///
/// @param name e.g. `anonymous`, an API key's name, or a worker's name
/// @param via  `engine`, `mcp`, `rest`, `cli`, `dashboard`
public record Caller(String name, String via) {

    public Caller {
        name = Text.cleaned(name, 200);
    }
}
