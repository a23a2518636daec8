package dev.longhaul.bulk;

/// The filter finds another number of operations than the caller expects.
public class CountMismatch extends RuntimeException {

    CountMismatch(long expected, long found) {
        super("the filter should find " + expected + " operations, but finds " + found);
    }
}
