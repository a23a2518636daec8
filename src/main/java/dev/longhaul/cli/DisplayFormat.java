package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Numbers, times and texts as people read them.
final class DisplayFormat {

    private DisplayFormat() {
    }

    /// E.g. `41s`, `4:10`, `2h05m`, `3d4h`.
    static String span(Duration span) {
        var seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return "%d:%02d".formatted(seconds / 60, seconds % 60);
        }
        return seconds < 86_400 ? "%dh%02dm".formatted(seconds / 3_600, seconds % 3_600 / 60)
                : "%dd%dh".formatted(seconds / 86_400, seconds % 86_400 / 3_600);
    }

    static String span(JsonNode seconds) {
        return seconds.isNumber() ? span(Duration.ofMillis((long) (seconds.asDouble() * 1000))) : "";
    }

    /// The time since then; `in 5s` for one in the future; empty for none.
    static String ago(JsonNode time) {
        try {
            var span = Duration.between(Instant.parse(time.asString("")), Instant.now());
            return span.isNegative() ? "in " + span(span.negated()) : span(span);
        } catch (DateTimeParseException none) {
            return "";
        }
    }

    /// A line for each name with a value.
    static String pairs(Map<String, String> lines) {
        var text = new StringBuilder();
        lines.forEach((name, value) -> text.append(value.isEmpty() ? "" : "%-10s %s\n".formatted(name, value)));
        return text.toString();
    }

    static String percent(JsonNode percent) {
        if (percent.isNull()) {
            return "-";
        }
        var number = percent.asDouble(0);
        return (number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : String.format(Locale.ROOT,
                "%.1f", number)) + "%";
    }

    /// A member on one line; empty if it is missing.
    static String text(JsonNode of, String member) {
        return line(of.path(member));
    }

    /// A member after a separator; empty if it is missing.
    static String suffix(String separator, JsonNode of, String member) {
        return of.hasNonNull(member) ? separator + text(of, member) : "";
    }

    /// On one line and without control characters, which would change the terminal.
    static String line(JsonNode text) {
        return text.isNull() || text.isMissingNode() ? "" : line(text.isString() ? text.asString() : text.toString());
    }

    static String line(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) || Character.getType(c)
                == Character.FORMAT ? ' ' : c));
        return clean.toString();
    }

    static String cut(String text, int length) {
        return text.length() <= length ? text : length <= 1 ? "" : text.substring(0, length - 1) + "…";
    }
}
