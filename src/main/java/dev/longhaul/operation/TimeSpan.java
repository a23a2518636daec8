package dev.longhaul.operation;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/// Durations as text: `90s`, `5m`, `1h30m`, `7d`, `250ms`, or ISO 8601 (`PT30S`).
public final class TimeSpan {

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,6}(ms|[smhd]))+");
    private static final Pattern PART = Pattern.compile("(\\d{1,6})(ms|[smhd])");

    private TimeSpan() {
    }

    /// @throws IllegalArgumentException if the text is not a duration
    public static Duration parse(String text) {
        if (text.startsWith("P") || text.startsWith("p")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException | ArithmeticException unreadable) {
                throw unreadable(text);
            }
        }
        if (!FORMAT.matcher(text).matches()) {
            throw unreadable(text);
        }
        return PART.matcher(text).results().map(part -> part(Long.parseLong(part.group(1)), part.group(2)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration part(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException("expected a duration such as 90s, 5m, 1h30m or 7d, not "
                + Text.quoted(text));
    }

    /// E.g. `1h30m`; [#parse] reads it back.
    public static String of(Duration duration) {
        if (duration.isNegative() || duration.getNano() % 1_000_000 != 0) {
            return duration.toString();
        }
        var text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }
}
