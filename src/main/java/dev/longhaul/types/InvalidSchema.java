package dev.longhaul.types;

/// A JSON Schema that cannot be used.
public class InvalidSchema extends IllegalArgumentException {

    private final String pointer;
    private final String detail;

    /// @param pointer JSON Pointer within the schema, e.g. `/properties/size/pattern`; empty: the schema as a whole
    InvalidSchema(String pointer, String detail) {
        super((pointer.isEmpty() ? "the schema" : pointer) + " " + detail);
        this.pointer = pointer;
        this.detail = detail;
    }

    /// The same for a document that has the schema at `prefix`.
    public InvalidSchema within(String prefix) {
        return new InvalidSchema(prefix + pointer, detail);
    }

    public String pointer() {
        return pointer;
    }

    /// What was expected and what was found.
    public String detail() {
        return detail;
    }
}
