package dev.longhaul.mcp;

import dev.longhaul.operation.Caller;
import dev.longhaul.task.InputType;

/// One tool that a model or a program can call.
///
/// @param <A> the record its arguments are read into
abstract class Tool<A> {

    private final InputType<A> arguments;

    Tool(InputType<A> arguments) {
        this.arguments = arguments;
    }

    final InputType<A> arguments() {
        return arguments;
    }

    abstract String name();

    abstract String title();

    /// For a model that has to choose.
    abstract String description();

    /// Whether calling it changes nothing.
    abstract boolean isReadOnly();

    /// @return what becomes `data`
    /// @throws IllegalArgumentException and others whose message is for the caller
    abstract Object call(A arguments, Caller caller);
}
