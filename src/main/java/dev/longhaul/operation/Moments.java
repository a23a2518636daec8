package dev.longhaul.operation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Moments that people and programs send, and what any calendar can hold of them.
public final class Moments {

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Moments() {
    }

    /// @throws IllegalArgumentException if it is before 1970 or after 9999
    public static @Nullable Instant storable(@Nullable Instant moment) {
        if (moment != null && (moment.isBefore(FIRST) || moment.isAfter(LAST))) {
            throw new IllegalArgumentException("a moment must be between " + FIRST + " and " + LAST + ", not " + moment);
        }
        return moment;
    }
}
