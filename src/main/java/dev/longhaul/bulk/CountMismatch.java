package dev.longhaul.bulk;

/// The filter finds another number of operations than the caller expected.
public class CountMismatch extends RuntimeException {

    private final long found;

    CountMismatch(long expected, long found) {
        super("the filter should find " + expected + " operations, and finds " + found);
        this.found = found;
    }

    public long found() {
        return found;
    }
}
