package dev.longhaul.query;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one filter grammar, e.g. `status:failed,cancelled queue:emails type:report.* -type:report.test created>-24h`.
///
/// AND joins terms, OR joins the values within a term. `-` before a term negates it. A value may end in `*`, and may be
/// in double quotes. [FilterParser] lists the fields and parses them, [FilterSql] converts them to SQL, [#test] matches
/// one operation. A test checks that the three agree.
public record Filter(List<Term> terms) {

    public static final Filter ALL = new Filter(List.of());

    /// One condition.
    public sealed interface Term {

        boolean negated();

        /// Position of its first character in the text, from 0.
        int place();
    }

    /// @param field    text field, e.g. `status`
    /// @param patterns alternatives; each may end in `*`
    public record Words(String field, List<String> patterns, boolean negated, int place) implements Term {}

    /// @param column   `input` or `metadata`
    /// @param path     members that lead to a text, number or boolean, e.g. `user`, `id`
    /// @param patterns alternatives; each may end in `*`
    public record Member(String column, List<String> path, List<String> patterns, boolean negated, int place)
            implements Term {}

    /// @param field `created`, `started`, `finished`, `updated` or `run_at`
    public record Time(String field, Comparison comparison, Instant moment, boolean negated, int place)
            implements Term {}

    /// @param field `attempt`, `priority`, `progress` (percent) or `duration` (seconds since the first attempt began)
    public record Amount(String field, Comparison comparison, BigDecimal amount, boolean negated, int place)
            implements Term {}

    /// Comparison of an operation's value with the filter's.
    public enum Comparison {
        ABOVE, AT_LEAST, BELOW, AT_MOST, EQUAL;

        boolean holds(int compared) {
            return switch (this) {
                case ABOVE -> compared > 0;
                case AT_LEAST -> compared >= 0;
                case BELOW -> compared < 0;
                case AT_MOST -> compared <= 0;
                case EQUAL -> compared == 0;
            };
        }
    }

    /// @throws InvalidFilter with the position of the first error
    public static Filter parse(String text) {
        return parse(text, Instant.now());
    }

    /// @param now reference time of relative times
    /// @throws InvalidFilter with the position of the first error
    public static Filter parse(String text, Instant now) {
        return new FilterParser(text, now).read();
    }

    /// Selects operations with any of these statuses and, unless null, of this type.
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

    /// Selects the operations that both filters select.
    public Filter and(Filter other) {
        return new Filter(Stream.concat(terms.stream(), other.terms.stream()).toList());
    }

    /// Statuses that a selected operation can have.
    public Set<Status> statuses() {
        var left = EnumSet.allOf(Status.class);
        for (var term : terms) {
            if (term instanceof Words words) {
                switch (words.field()) {
                    case "status" -> {
                        var named = words.patterns().stream().map(Status::parse).collect(Collectors.toSet());
                        left.removeIf(status -> named.contains(status) == words.negated());
                    }
                    case "waits_for" -> left.removeIf(status -> status != Status.WAITING && !words.negated());
                    // A finished operation is never paused.
                    case "paused" -> left.removeIf(status -> status.isFinal() && !words.negated()
                            && !words.patterns().contains("false"));
                    default -> { }
                }
            }
        }
        return left;
    }

    /// True if the filter selects the operation.
    public boolean test(Operation operation) {
        return terms.stream().allMatch(term -> term.negated() != FilterMatcher.holds(term, operation));
    }
}
