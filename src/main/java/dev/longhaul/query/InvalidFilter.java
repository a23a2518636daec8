package dev.longhaul.query;

/// A filter that cannot be parsed.
public class InvalidFilter extends IllegalArgumentException {

    private final int place;

    InvalidFilter(int place, String message) {
        super("at character " + (place + 1) + ": " + message);
        this.place = place;
    }

    /// Position of the error in the text, from 0.
    public int place() {
        return place;
    }
}
