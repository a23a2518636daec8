package dev.longhaul.types;

import java.util.List;
import java.util.stream.Collectors;

/// An input does not fit its schema or its record. Nothing was stored.
public class InvalidInput extends RuntimeException {

    private final transient List<Misfit> misfits;

    /// One error.
    ///
    /// @param pointer JSON Pointer, e.g. `/steps`; empty: the input as a whole
    /// @param detail  what was expected and what was found, e.g. `must be at least 1, not 0`
    public record Misfit(String pointer, String detail) {

        @Override
        public String toString() {
            return pointer.isEmpty() ? detail : pointer.substring(1) + ": " + detail;
        }

        /// The same for a document that has the input at `prefix`.
        public Misfit within(String prefix) {
            return new Misfit(prefix + pointer, detail);
        }
    }

    /// An error of the input as a whole.
    public InvalidInput(String detail) {
        this(List.of(new Misfit("", detail)));
    }

    public InvalidInput(List<Misfit> misfits) {
        super(misfits.stream().map(Misfit::toString).collect(Collectors.joining("; ")));
        this.misfits = List.copyOf(misfits);
    }

    public List<Misfit> misfits() {
        return misfits;
    }
}
