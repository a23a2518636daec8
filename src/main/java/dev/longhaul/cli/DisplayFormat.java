package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Numbers and moments as people read them.
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

    /// How long ago; of a moment to come `in 5s`; empty for none.
    static String ago(JsonNode moment, Instant now) {
        try {
            var span = Duration.between(Instant.parse(moment.asString("")), now);
            return span.isNegative() ? "in " + span(span.negated()) : span(span);
        } catch (DateTimeParseException none) {
            return "";
        }
    }

    /// Names and values below each other, without those that have none.
    static String pairs(Map<String, String> lines) {
        var text = new StringBuilder();
        lines.forEach((name, value) -> text.append(value.isEmpty() ? "" : "%-10s %s\n".formatted(name, value)));
        return text.toString();
    }

    static String percent(JsonNode percent) {
        var number = percent.asDouble(0);
        return (number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : String.format(Locale.ROOT,
                "%.1f", number)) + "%";
    }

    /// On one line, without control characters: a message must not drive the terminal.
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
