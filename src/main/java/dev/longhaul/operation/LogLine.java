package dev.longhaul.operation;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One line of what a task said about its work while it ran.
///
/// @param at      by the database's clock
/// @param message at most 4,000 characters; what is beyond is cut
public record LogLine(Instant at, Level level, String message) {

    private static final int MESSAGE_LIMIT = 4_000;

    public LogLine {
        message = Text.cleaned(message, MESSAGE_LIMIT);
    }

    /// How much a line matters, the least first.
    public enum Level {
        DEBUG, INFO, WARN, ERROR;

        /// As it is stored and told.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if there is no such level
        public static Level parse(String word) {
            return Arrays.stream(values()).filter(level -> level.word().equals(word)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                    "level must be one of " + Arrays.stream(values()).map(Level::word).collect(Collectors.joining(", "))
                    + ", not " + Text.quoted(word)));
        }
    }
}
