package dev.longhaul.task;

import java.util.List;

/// An input that does not fit its task. Nothing was stored.
public class InvalidInput extends RuntimeException {

    private final List<String> problems;

    /// @param problems each says where, what was expected and what was found, e.g. `steps: must be at least 1, not 0`
    public InvalidInput(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
