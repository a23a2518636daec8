package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.query.Filter.Comparison;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Parses a filter. An error names the position and the expected text.
///
/// | fields | operators | values |
/// |---|---|---|
/// | `status` `queue` `type` `tag` `key` | `:` | texts; a comma between them means OR; a final `*` matches any rest |
/// | `message` `error` `error_type` `id` `parent` `rerun_of` `waits_for` `paused` | `:` | the same |
/// | `input.…` `metadata.…` | `:` | the same; dots separate the members of a path, e.g. `input.user.id:42` |
/// | `created` `started` | `>` `<` `>=` `<=` | a time (`2026-01-08T10:00:00Z`) or an age (`-24h`, `-7d`) |
/// | `finished` `updated` `run_at` | `>` `<` `>=` `<=` | the same |
/// | `duration` | `>` `<` `>=` `<=` | a length of time, e.g. `10m` |
/// | `attempt` `priority` `progress` | `:` `>` `<` `>=` `<=` | a number |
final class FilterParser {

    private static final int LIMIT = 2_000;
    private static final int MOST_TERMS = 50;
    private static final int DEEPEST = 20;
    private static final Pattern TERM =
            Pattern.compile("(-?)([a-z_]+)((?:\\.[^\\s:<>=\".]+)*)(:|>=|<=|>|<)((?:\"[^\"]*\"|[^\\s\"])+)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}(\\.\\d{1,9})?");

    private final String text;
    private final Instant now;

    FilterParser(String text, Instant now) {
        this.text = text;
        this.now = now;
    }

    Filter read() {
        if (text.length() > LIMIT) {
            throw new InvalidFilter(LIMIT, "a filter is at most " + LIMIT + " characters, not " + text.length());
        }
        if (!Text.isStorable(text)) {
            throw new InvalidFilter(0, "a filter must not contain U+0000 or half of a surrogate pair");
        }
        var terms = new ArrayList<Filter.Term>();
        var matcher = TERM.matcher(text);
        var at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw new InvalidFilter(at, "expected a term such as status:failed, not "
                        + Text.quoted(text.substring(at).split("\\s", 2)[0]));
            }
            if (terms.size() == MOST_TERMS) {
                throw new InvalidFilter(at, "a filter has at most " + MOST_TERMS + " terms");
            }
            terms.add(term(!matcher.group(1).isEmpty(), matcher.group(2), matcher.group(3), matcher.group(4),
                    matcher.group(5), at));
            at = matcher.end();
        }
        return new Filter(List.copyOf(terms));
    }

    private Filter.Term term(boolean negated, String field, String path, String operator, String value, int at) {
        var isEqual = operator.equals(":");
        return switch (field) {
            case "input", "metadata" -> new Filter.Member(requireEqual(field + path, field, isEqual, at),
                    path(field, path, at), values(value, at), negated, at);
            case "status" -> words(field, path, isEqual, value, negated, at, Status::parse);
            case "id", "parent", "rerun_of" -> words(field, path, isEqual, value, negated, at, OperationId::parse);
            case "paused" -> words(field, path, isEqual, value, negated, at, FilterParser::requireBoolean);
            case "waits_for" -> words(field, path, isEqual, value, negated, at, FilterParser::requireWaitsFor);
            case "queue", "type", "tag", "key", "message", "error", "error_type" -> words(field, path, isEqual, value,
                    negated, at, _ -> { });
            case "created", "started", "finished", "updated", "run_at" ->
                    new Filter.Time(requirePlain(field, path, at), comparison(field, operator, false, at),
                            instant(unquoted(value), at), negated, at);
            case "duration" -> new Filter.Amount(requirePlain(field, path, at), comparison(field, operator, false, at),
                    seconds(unquoted(value), at), negated, at);
            case "attempt", "priority", "progress" ->
                    new Filter.Amount(requirePlain(field, path, at), comparison(field, operator, true, at),
                            number(unquoted(value), at), negated, at);
            default -> throw new InvalidFilter(at, "there is no " + field
                    + "; there are status, queue, type, tag, key, message, error, error_type, id, parent, rerun_of, "
                    + "waits_for, "
                    + "paused, input.…, metadata.…, created, started, finished, updated, run_at, duration, attempt, "
                    + "priority and progress");
        };
    }

    private static Filter.Words words(String field, String path, boolean isEqual, String value, boolean negated, int at,
            Consumer<String> check) {
        requireEqual(field, requirePlain(field, path, at), isEqual, at);
        var words = values(value, at);
        for (var word : words) {
            try {
                check.accept(word);
            } catch (IllegalArgumentException unknown) {
                throw new InvalidFilter(at, String.valueOf(unknown.getMessage()));
            }
        }
        return new Filter.Words(field, words, negated, at);
    }

    private static String requirePlain(String field, String path, int at) {
        if (!path.isEmpty()) {
            throw new InvalidFilter(at, "there is no " + field + path + "; only input and metadata have members");
        }
        return field;
    }

    private static String requireEqual(String label, String field, boolean isEqual, int at) {
        if (!isEqual) {
            throw new InvalidFilter(at, "expected " + label + ": and a value");
        }
        return field;
    }

    private static List<String> path(String field, String path, int at) {
        var steps = path.isEmpty() ? List.<String>of() : List.of(path.substring(1).split("\\."));
        if (steps.isEmpty() || steps.size() > DEEPEST) {
            throw new InvalidFilter(at, "expected " + field + " with 1 to " + DEEPEST + " members, such as " + field
                    + ".user.id:42");
        }
        return steps;
    }

    private static Comparison comparison(String field, String operator, boolean mayBeEqual, int at) {
        return switch (operator) {
            case ">" -> Comparison.ABOVE;
            case ">=" -> Comparison.AT_LEAST;
            case "<" -> Comparison.BELOW;
            case "<=" -> Comparison.AT_MOST;
            default -> {
                if (!mayBeEqual) {
                    throw new InvalidFilter(at, "expected " + field + "> or " + field + "<");
                }
                yield Comparison.EQUAL;
            }
        };
    }

    private static void requireBoolean(String word) {
        if (!word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException("paused must be true or false, not " + Text.quoted(word));
        }
    }

    private static void requireWaitsFor(String word) {
        if (Arrays.stream(WaitReason.values()).noneMatch(one -> one.word().equals(word))) {
            throw new IllegalArgumentException("waits_for must be time, answer or operations, not "
                    + Text.quoted(word));
        }
    }

    private static List<String> values(String value, int at) {
        var values = Arrays.stream(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)).map(FilterParser::unquoted)
                .toList();
        if (values.stream().anyMatch(one -> one.isEmpty() || one.equals("*"))) {
            throw new InvalidFilter(at, "expected a value, or several with commas between them, not "
                    + Text.quoted(value));
        }
        return values;
    }

    private static String unquoted(String value) {
        return value.replace("\"", "");
    }

    private Instant instant(String value, int at) {
        try {
            return value.startsWith("-") && !value.startsWith("-P")
                    ? now.minus(TimeSpan.parse(value.substring(1))) : requireInRange(Instant.parse(value));
        } catch (IllegalArgumentException | DateTimeParseException unreadable) {
            throw new InvalidFilter(at,
                    "expected a moment such as 2026-01-08T10:00:00Z or a time ago such as -24h, not "
                    + Text.quoted(value));
        }
    }

    /// The limits are the epoch and roughly the last time of a UUIDv7's 48 bits of milliseconds.
    private static Instant requireInRange(Instant instant) {
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(Instant.parse("9999-12-31T23:59:59Z"))) {
            throw new IllegalArgumentException("out of the calendar");
        }
        return instant;
    }

    private static BigDecimal seconds(String value, int at) {
        try {
            return BigDecimal.valueOf(TimeSpan.parse(value).toMillis(), 3);
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw new InvalidFilter(at, "expected a length of time such as 90s, 10m or 2h, not " + Text.quoted(value));
        }
    }

    private static BigDecimal number(String value, int at) {
        if (!NUMBER.matcher(value).matches()) {
            throw new InvalidFilter(at, "expected a number such as 3, not " + Text.quoted(value));
        }
        return new BigDecimal(value);
    }
}
