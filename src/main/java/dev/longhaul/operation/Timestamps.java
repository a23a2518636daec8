package dev.longhaul.operation;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// Moments that people and programs send, and what any calendar can hold of them.
public final class Timestamps {

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Timestamps() {
    }

    /// @param name what it is called, for who mistyped it
    /// @throws IllegalArgumentException if it is no moment, or none that can be stored
    public static Instant parse(String name, String text) {
        Instant moment;
        try {
            moment = Instant.parse(text);
        } catch (DateTimeParseException unreadable) {
            throw new IllegalArgumentException(name + " must be a moment such as 2026-01-08T10:00:00Z, not "
                    + Text.quoted(text));
        }
        storable(moment);
        return moment;
    }

    /// @throws IllegalArgumentException if it is before 1970 or after 9999
    public static @Nullable Instant storable(@Nullable Instant moment) {
        if (moment != null && (moment.isBefore(FIRST) || moment.isAfter(LAST))) {
            throw new IllegalArgumentException("a moment must be between " + FIRST + " and " + LAST + ", not "
                    + moment);
        }
        return moment;
    }
}
