package dev.longhaul.operation;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// Timestamps from requests, limited to a range that PostgreSQL and clients can represent.
public final class Timestamps {

    private static final Instant MIN = Instant.EPOCH;
    /// As the tables.
    public static final Instant MAX = Instant.parse("9999-12-31T00:00:00Z");

    private Timestamps() {
    }

    /// @param name name of the field for the error message
    /// @throws IllegalArgumentException if it is not an ISO 8601 timestamp in UTC, or outside the range
    public static Instant parse(String name, String text) {
        Instant timestamp;
        try {
            timestamp = Instant.parse(text);
        } catch (DateTimeParseException invalid) {
            throw new IllegalArgumentException(name + " must be a timestamp such as 2026-01-08T10:00:00Z, not "
                    + Text.quoted(text));
        }
        storable(timestamp);
        return timestamp;
    }

    /// @throws IllegalArgumentException if it is before 1970 or after 9999-12-31T00:00:00Z
    public static @Nullable Instant storable(@Nullable Instant timestamp) {
        if (timestamp != null && (timestamp.isBefore(MIN) || timestamp.isAfter(MAX))) {
            throw new IllegalArgumentException("a timestamp must be between " + MIN + " and " + MAX + ", not "
                    + timestamp);
        }
        return timestamp;
    }
}
