package dev.longhaul.types;

/// A task or a tool of the code has a schema that cannot be used, so the service does not start.
public class UnusableTask extends IllegalStateException {

    /// @param what e.g. `the input of task resize_images`
    public UnusableTask(String what, InvalidSchema unusable) {
        super(what + " has a schema that cannot be used: " + unusable.getMessage(), unusable);
    }
}
