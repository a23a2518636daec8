package dev.longhaul.operation;

import java.util.Locale;

/// Checks and cleans text: PostgreSQL cannot store U+0000 or a lone surrogate.
public final class Text {

    private static final String REPLACED = " (characters that cannot be stored were replaced by U+FFFD)";

    private Text() {
    }

    /// Quotes text for an error message: at most 80 characters, control characters escaped.
    public static String quoted(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints().limit(80).forEach(point -> {
            if (Character.isISOControl(point) || point >= 0xD800 && point <= 0xDFFF) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.append(text.length() > 80 ? "…\"" : "\"").toString();
    }

    /// For incoming text, which is stored exactly or refused.
    ///
    /// @param what name of the text for the error message, e.g. `task_type`
    /// @throws IllegalArgumentException if PostgreSQL cannot store it or it is longer than `limit` characters
    public static String storable(String what, String text, int limit) {
        if (text.length() > limit) {
            throw new IllegalArgumentException(what + " must be at most " + limit + " characters, not "
                    + text.length());
        }
        if (!isStorable(text)) {
            throw new IllegalArgumentException(what + " must not contain U+0000 or half of a surrogate pair: "
                    + quoted(text));
        }
        return text;
    }

    /// For text that the service itself writes, e.g. an error: unstorable characters become U+FFFD, and text beyond
    /// `limit` characters is cut.
    public static String cleaned(String text, int limit) {
        var clean = isStorable(text) ? text : replaced(text);
        if (clean.length() <= limit) {
            return clean;
        }
        var end = Character.isHighSurrogate(clean.charAt(limit - 2)) ? limit - 2 : limit - 1;
        return clean.substring(0, end) + "…";
    }

    /// As [#cleaned], and says so if characters were replaced.
    public static String noted(String text, int limit) {
        return isStorable(text) ? cleaned(text, limit)
                : cleaned(text, limit - REPLACED.length()) + REPLACED;
    }

    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(Text::isUnstorable);
    }

    private static String replaced(String text) {
        return text.codePoints().map(point -> isUnstorable(point) ? 0xFFFD : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static boolean isUnstorable(int point) {
        return point == 0 || point >= 0xD800 && point <= 0xDFFF;
    }
}
