package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a CSV file writes numbers and dates, each as an example.
///
/// @param number e.g. `1.234,56` or `1234,56`; null: as PostgreSQL reads numbers
/// @param date   e.g. `31.12.2026` or `12/31/2026`; null: as the database's DateStyle says
record CsvFormats(@Nullable NumberFormat number, @Nullable String date) {

    private static final Pattern NUMBER = Pattern.compile("1([.,' ]?)234([.,])56");
    private static final Pattern DATE = Pattern.compile("(31|12|2026)[./-](31|12|2026)[./-](31|12|2026)");

    /// Numbers with separators of their own.
    record NumberFormat(String example, Pattern pattern, String group, char decimal) {

        /// As PostgreSQL reads it; null: it has another format.
        @Nullable String read(String field) {
            var number = field.strip();
            return pattern.matcher(number).matches()
                    ? (group.isEmpty() ? number : number.replace(group, "")).replace(decimal, '.') : null;
        }
    }

    /// @throws IllegalArgumentException if one is no such example
    static CsvFormats of(@Nullable String number, @Nullable String date) {
        return new CsvFormats(number == null ? null : number(number), date == null ? null : order(date));
    }

    private static NumberFormat number(String example) {
        var matcher = NUMBER.matcher(example);
        if (!matcher.matches() || matcher.group(1).equals(matcher.group(2))) {
            throw new IllegalArgumentException("number_format must be the number 1234.56 as the file writes it, e.g. "
                    + "1.234,56 or 1234,56, not " + Text.quoted(example));
        }
        var group = matcher.group(1);
        var whole = group.isEmpty() ? "\\d+" : "(\\d{1,3}(" + Pattern.quote(group) + "\\d{3})+|\\d+)";
        return new NumberFormat(example, Pattern.compile("[+-]?" + whole + "(" + Pattern.quote(matcher.group(2))
                + "\\d+)?([eE][+-]?\\d+)?"), group, matcher.group(2).charAt(0));
    }

    /// The order of day, month and year, as DateStyle names it.
    private static String order(String example) {
        var matcher = DATE.matcher(example);
        var order = matcher.matches() ? parts(matcher) : "";
        return switch (order) {
            case "DMY", "MDY", "YMD" -> order;
            default -> throw new IllegalArgumentException("date_format must be the last day of 2026 as the file writes "
                    + "it, e.g. 31.12.2026, 12/31/2026 or 2026-12-31, not " + Text.quoted(example));
        };
    }

    private static String parts(Matcher matcher) {
        var order = new StringBuilder();
        for (var n = 1; n <= 3; n++) {
            order.append(switch (matcher.group(n)) {
                case "31" -> 'D';
                case "12" -> 'M';
                default -> 'Y';
            });
        }
        return order.toString();
    }

    /// A line of COPY's text format with its numbers as PostgreSQL reads them.
    ///
    /// @param isNumber whether a column has numbers, in order of the columns
    /// @throws InvalidNumber if a field of such a column has another format
    byte[] line(byte[] line, boolean[] isNumber) throws InvalidNumber {
        if (number == null) {
            return line;
        }
        var fields = new String(line, 0, line.length - 1, StandardCharsets.ISO_8859_1).split("\t", -1);
        var changed = new ByteArrayOutputStream(line.length);
        for (var n = 0; n < fields.length; n++) {
            var field = isNumber[n] && !fields[n].equals("\\N") ? number.read(fields[n]) : fields[n];
            if (field == null) {
                throw new InvalidNumber(n, Text.quoted(fields[n]) + " is not a number such as " + number.example);
            }
            changed.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1));
            changed.write(n + 1 < fields.length ? '\t' : '\n');
        }
        return changed.toByteArray();
    }

    static final class InvalidNumber extends Exception {

        private final int column;

        InvalidNumber(int column, String message) {
            super(message);
            this.column = column;
        }

        int column() {
            return column;
        }
    }
}
