package dev.longhaul.operation;

import java.time.Instant;

/// A line that a task logged while it ran.
///
/// @param at      by the database's clock
/// @param message cut after 4,000 characters
public record LogLine(Instant at, Level level, String message) {

    private static final int MESSAGE_LIMIT = 4_000;

    public LogLine {
        message = Text.cleaned(message, MESSAGE_LIMIT);
    }

    /// In ascending order of severity.
    public enum Level implements LowerCaseEnum {
        DEBUG, INFO, WARN, ERROR;

        /// @throws IllegalArgumentException if there is no such level
        public static Level parse(String word) {
            return LowerCaseEnum.parse("level", word, Level.class);
        }
    }
}
