package dev.longhaul.operation;

import java.util.UUID;
import java.util.regex.Pattern;

/// A UUIDv7, created by the database. Ids sort by time of submission.
public record OperationId(UUID value) {

    private static final Pattern CANONICAL = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /// Accepts only the canonical 36 characters; `UUID.fromString` also accepts "1-1-1-1-1".
    ///
    /// @throws IllegalArgumentException if `text` is anything else
    public static OperationId parse(String text) {
        if (!CANONICAL.matcher(text).matches()) {
            throw new IllegalArgumentException("operation id must be a UUID such as "
                    + "01a20923-0ed0-73f3-acba-03587e229145, not "
                    + Text.quoted(text));
        }
        return new OperationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
