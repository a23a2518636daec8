package dev.longhaul.query;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one filter grammar, e.g. `status:failed,cancelled queue:emails type:report.* -type:report.test created>-24h`.
///
/// Terms are joined by AND, values within a term by OR; `-` before a term negates it; a value may end in `*`, and may stand in double
/// quotes. Fields: `status`, `queue`, `type` with `:`; `created` with `>` or `<` and a moment (`2026-01-08T10:00:00Z`) or a time ago
/// (`-24h`, `-30m`, `-7d`).
public record Filter(List<Term> terms) {

    public static final Filter ALL = new Filter(List.of());
    private static final int LIMIT = 2_000;
    private static final Pattern TERM = Pattern.compile("(-?)([a-z_]+)([:<>])((?:\"[^\"]*\"|[^\\s\"])+)");
    private static final Pattern AGO = Pattern.compile("-(\\d{1,6})([smhd])");

    /// One condition.
    public sealed interface Term {

        boolean negated();

        /// Where it begins in the text, from 0.
        int place();
    }

    /// @param field    `status`, `queue` or `type`
    /// @param patterns any of them; each may end in `*`
    public record Words(String field, List<String> patterns, boolean negated, int place) implements Term {}

    /// @param after true: later than `moment`; false: before it
    public record Created(boolean after, Instant moment, boolean negated, int place) implements Term {}

    /// @throws BadFilter naming the place of what cannot be understood
    public static Filter parse(String text) {
        return parse(text, Instant.now());
    }

    /// @param now what a time ago is counted from
    /// @throws BadFilter naming the place of what cannot be understood
    public static Filter parse(String text, Instant now) {
        if (text.length() > LIMIT) {
            throw new BadFilter(LIMIT, "a filter is at most " + LIMIT + " characters, not " + text.length());
        }
        if (!Text.isStorable(text)) {
            throw new BadFilter(0, "a filter must not contain U+0000 or half of a surrogate pair");
        }
        var terms = new ArrayList<Term>();
        var matcher = TERM.matcher(text);
        var at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw new BadFilter(at, "expected a term such as status:failed, not " + Text.quoted(text.substring(at).split("\\s", 2)[0]));
            }
            terms.add(term(!matcher.group(1).isEmpty(), matcher.group(2), matcher.group(3), matcher.group(4), at, now));
            at = matcher.end();
        }
        return new Filter(List.copyOf(terms));
    }

    private static Term term(boolean negated, String field, String operator, String value, int place, Instant now) {
        return switch (field + operator) {
            case "status:" -> new Words(field, statuses(value, place), negated, place);
            case "queue:", "type:" -> new Words(field, values(value, place), negated, place);
            case "created>", "created<" -> new Created(operator.equals(">"), moment(unquoted(value), place, now), negated, place);
            default -> throw new BadFilter(place,
                    "there is no " + field + operator + "; there are status:, queue:, type:, created> and created<");
        };
    }

    private static List<String> statuses(String value, int place) {
        var words = values(value, place);
        for (var word : words) {
            try {
                Status.parse(word);
            } catch (IllegalArgumentException unknown) {
                throw new BadFilter(place, unknown.getMessage());
            }
        }
        return words;
    }

    private static List<String> values(String value, int place) {
        var values = Arrays.stream(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)).map(Filter::unquoted).toList();
        if (values.stream().anyMatch(one -> one.isEmpty() || one.equals("*"))) {
            throw new BadFilter(place, "expected a value, or several with commas between them, not " + Text.quoted(value));
        }
        return values;
    }

    private static String unquoted(String value) {
        return value.replace("\"", "");
    }

    private static Instant moment(String value, int place, Instant now) {
        var ago = AGO.matcher(value);
        if (ago.matches()) {
            var amount = Long.parseLong(ago.group(1));
            return now.minus(switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            });
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException unreadable) {
            throw new BadFilter(place, "expected a moment such as 2026-01-08T10:00:00Z or a time ago such as -24h, not " + Text.quoted(value));
        }
    }

    /// Operations with any of these statuses and, unless null, of this type.
    public static Filter of(Collection<Status> statuses, @Nullable String type) {
        var terms = new ArrayList<Term>();
        if (!statuses.isEmpty()) {
            terms.add(new Words("status", statuses.stream().map(Status::word).toList(), false, 0));
        }
        if (type != null) {
            terms.add(new Words("type", List.of(type), false, 0));
        }
        return new Filter(List.copyOf(terms));
    }

    /// Those that both let through.
    public Filter and(Filter other) {
        return new Filter(Stream.concat(terms.stream(), other.terms.stream()).toList());
    }

    /// Whether the operation is among those the filter lets through.
    public boolean test(Operation operation) {
        return terms.stream().allMatch(term -> switch (term) {
            case Words words -> words.negated != words.patterns.stream().anyMatch(pattern -> fits(pattern, value(words.field, operation)));
            case Created created -> created.negated != (created.after
                    ? operation.createdAt().isAfter(created.moment) : operation.createdAt().isBefore(created.moment));
        });
    }

    private static String value(String field, Operation operation) {
        return switch (field) {
            case "status" -> operation.status().word();
            case "queue" -> operation.queue();
            case "type" -> operation.type();
            default -> throw new IllegalStateException("no field " + field);
        };
    }

    private static boolean fits(String pattern, String value) {
        return pattern.endsWith("*") ? value.startsWith(pattern.substring(0, pattern.length() - 1)) : value.equals(pattern);
    }
}
