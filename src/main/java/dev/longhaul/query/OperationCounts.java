package dev.longhaul.query;

import dev.longhaul.operation.Status;
import dev.longhaul.store.CountStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/// How many operations a filter finds, by status. Of types, queues and statuses the counters know it that every change keeps; what else a filter asks
/// is counted one by one.
@Component
public class OperationCounts {

    private static final Set<String> COUNTED = Set.of("type", "queue", "status");

    private final CountStore counters;
    private final OperationList list;

    OperationCounts(CountStore counters, OperationList list) {
        this.counters = counters;
        this.list = list;
    }

    /// Only statuses that there are.
    public Map<Status, Long> of(Filter filter) {
        var counts = new EnumMap<Status, Long>(Status.class);
        if (filter.terms().stream().allMatch(term -> term instanceof Filter.Words words && COUNTED.contains(words.field()))) {
            counters.counts().stream().filter(count -> filter.terms().stream().allMatch(term -> fits((Filter.Words) term, count)))
                    .forEach(count -> counts.merge(count.status(), count.number(), Long::sum));
        } else {
            filter.statuses().forEach(status -> counts.put(status, list.count(filter.and(Filter.of(List.of(status), null)), null)));
        }
        counts.values().removeIf(number -> number == 0);
        return counts;
    }

    private static boolean fits(Filter.Words words, CountStore.Count count) {
        var value = switch (words.field()) {
            case "type" -> count.type();
            case "queue" -> count.queue();
            default -> count.status().word();
        };
        return Judgement.fits(words.patterns(), value) != words.negated();
    }
}
