package dev.longhaul.operation;

/// Who makes a change, and through which door; both are written to the history.
///
/// @param name e.g. `anonymous`, an API key's name, or a worker's name
/// @param via  `engine`, `mcp`, `rest`, `cli`, `dashboard`
public record Caller(String name, String source) {

    public Caller {
        name = Text.cleaned(name, 200);
    }
}
