package dev.longhaul.query;

import dev.longhaul.operation.Status;
import dev.longhaul.operation.Text;
import dev.longhaul.store.CountStore;
import dev.longhaul.store.DatabaseSettings;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// Number of operations that a filter selects, by status. The counters have the numbers by type, queue and status.
/// Other filters count the operations in the database.
@Component
public class OperationCounts {

    private static final Set<String> COUNTED = Set.of("type", "queue", "status");

    private final CountStore counters;
    private final OperationList list;
    private final Duration timeout;

    OperationCounts(CountStore counters, OperationList list, DatabaseSettings settings) {
        this.timeout = settings.statementTimeout();
        this.counters = counters;
        this.list = list;
    }

    /// Statuses without operations are missing.
    ///
    /// @throws CountTimeout if a count of operations takes longer than the statement timeout
    public Map<Status, Long> of(Filter filter) {
        var counts = new EnumMap<Status, Long>(Status.class);
        if (knows(filter)) {
            counters.counts().stream()
                    .filter(count -> filter.terms().stream().allMatch(term -> fits((Filter.Words) term, count)))
                    .forEach(count -> counts.merge(count.status(), count.number(), Long::sum));
        } else {
            var until = System.nanoTime() + timeout.toNanos();
            for (var status : filter.statuses()) {
                if (System.nanoTime() > until) {
                    throw new CountTimeout(null);
                }
                counts.put(status, list.count(filter.and(Filter.of(List.of(status), null)), null));
            }
        }
        counts.values().removeIf(number -> number == 0);
        return counts;
    }

    /// A value of a field, and the number of operations with it.
    public record FilterValue(String value, long number) {}

    /// Values of a counted field that begin with `prefix`, most frequent first.
    ///
    /// @param field `type`, `queue` or `status`
    /// @throws IllegalArgumentException if it is another field
    public List<FilterValue> values(String field, String prefix, int most) {
        if (!COUNTED.contains(field)) {
            throw new IllegalArgumentException("field must be type, queue or status, not " + Text.quoted(field));
        }
        var numbers = new TreeMap<String, Long>();
        counters.counts().stream().filter(count -> count.number() > 0 && value(field, count).startsWith(prefix))
                .forEach(count -> numbers.merge(value(field, count), count.number(), Long::sum));
        return numbers.entrySet().stream().map(entry -> new FilterValue(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(FilterValue::number).reversed()).limit(most).toList();
    }

    /// True if the counters have the numbers for this filter.
    boolean knows(Filter filter) {
        return filter.terms().stream().allMatch(term -> term instanceof Filter.Words words
                && COUNTED.contains(words.field()));
    }

    private static boolean fits(Filter.Words words, CountStore.Count count) {
        return FilterMatcher.fits(words.patterns(), value(words.field(), count)) != words.negated();
    }

    private static String value(String field, CountStore.Count count) {
        return switch (field) {
            case "type" -> count.type();
            case "queue" -> count.queue();
            default -> count.status().word();
        };
    }
}
