package dev.longhaul.web;

import dev.longhaul.operation.Text;
import org.jspecify.annotations.Nullable;

/// Parses the header `Idempotency-Key`: a quoted string, as in the IETF draft, or a bare one, as most clients send.
public final class IdempotencyKey {

    private static final int LONGEST = 200;

    private IdempotencyKey() {
    }

    public static @Nullable String parse(@Nullable String header) {
        if (header == null) {
            return null;
        }
        var text = header.strip();
        var isQuoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        var key = isQuoted ? text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\") : text;
        if (key.isBlank() || key.length() > LONGEST || key.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "Idempotency-Key must be 1 to " + LONGEST
                    + " characters of ASCII, not " + Text.quoted(header));
        }
        return key;
    }
}
