package dev.longhaul.query;

import dev.longhaul.operation.Status;
import dev.longhaul.query.Filter.Words;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The ways through one part of a list: what is not over, or what is, or all of it.
///
/// A way is some streams of operations. All that the filter finds is in one of them, and an index has each in the order of ids. So how far a page may look can be told
/// by the index alone: to the n-th operation of each stream. It is a matter of time, not of truth: whatever the ways are, what lies in between is judged by the whole filter.
///
/// @param filter whole, with the statuses of this part
/// @param ways   by any of them
record Ways(Filter filter, List<List<Filter>> ways) {

    private static final int MOST_STREAMS = 8;
    private static final Set<Status> NOT_COMPLETED = EnumSet.of(Status.FAILED, Status.CANCELLED);
    private static final Set<String> INDEXED_ONCE_OVER = Set.of("type", "queue", "key");

    /// @param named the words there are which fit these patterns
    static Ways through(Filter filter, Function<Words, List<String>> named) {
        var statuses = filter.statuses();
        var created = new Filter(filter.terms().stream().filter(Ways::isOfCreation).toList());
        if (statuses.stream().noneMatch(Status::isFinal)) {
            return new Ways(filter, List.of(List.of(created.and(among(false)))));
        }
        var ways = new ArrayList<List<Filter>>();
        if (NOT_COMPLETED.containsAll(statuses)) {
            ways.add(statuses.stream().map(status -> created.and(Filter.of(List.of(status), null))).toList());
        }
        if (statuses.stream().allMatch(Status::isFinal)) {
            filter.terms().stream().filter(Ways::isIndexedOnceOver).map(Words.class::cast).forEach(words -> {
                var values = words.patterns().stream().noneMatch(pattern -> pattern.endsWith("*")) ? words.patterns() : named.apply(words);
                if (values.size() <= MOST_STREAMS && values.stream().noneMatch(value -> value.endsWith("*"))) {
                    ways.add(values.stream().map(value -> created.and(among(true)).and(new Filter(List.of(new Words(words.field(), List.of(value), false, 0))))).toList());
                }
            });
        }
        return new Ways(filter, ways.isEmpty() ? List.of(List.of(created)) : ways);
    }

    static boolean isIndexedOnceOver(Filter.Term term) {
        return term instanceof Words words && !words.negated() && INDEXED_ONCE_OVER.contains(words.field());
    }

    private static boolean isOfCreation(Filter.Term term) {
        return term instanceof Filter.Time time && time.field().equals("created");
    }

    static Filter among(boolean isOver) {
        return Filter.of(EnumSet.allOf(Status.class).stream().filter(status -> status.isFinal() == isOver).toList(), null);
    }

    /// Whether an index has just what is looked for: then a page is as quick as it is long.
    boolean isStraight() {
        if (ways.size() != 1 || ways.getFirst().size() != 1 || !ways.getFirst().getFirst().statuses().equals(filter.statuses())) {
            return false;
        }
        var terms = filter.terms().stream().filter(term -> !isOfCreation(term) && !(term instanceof Words words && words.field().equals("status"))).toList();
        return terms.isEmpty() || terms.size() == 1 && isIndexedOnceOver(terms.getFirst()) && !isLive() && ((Words) terms.getFirst()).patterns().size() == 1
                && !((Words) terms.getFirst()).patterns().getFirst().endsWith("*");
    }

    /// Whether all that is looked for is not over: there is little of it, beside what is.
    boolean isLive() {
        return filter.statuses().stream().noneMatch(Status::isFinal);
    }
}
