package dev.longhaul.operation;

/// A member of a request has a value that its schema allows and its meaning does not.
public class InvalidMember extends IllegalArgumentException {

    private final String pointer;

    /// @param pointer JSON Pointer to the member, e.g. `/concurrency/rate/per`
    /// @param detail  what was expected and what was found
    public InvalidMember(String pointer, String detail) {
        super(detail);
        this.pointer = pointer;
    }

    public String pointer() {
        return pointer;
    }

    /// The same for a document that has the value at `prefix`.
    public InvalidMember within(String prefix) {
        return new InvalidMember(prefix + pointer, String.valueOf(getMessage()));
    }
}
