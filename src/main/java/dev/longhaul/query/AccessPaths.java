package dev.longhaul.query;

import dev.longhaul.operation.Status;
import dev.longhaul.query.Filter.Words;
import dev.longhaul.query.IndexScans.Kind;
import dev.longhaul.query.IndexScans.Stream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// The ways through one part of a list: what is not over, or what is, or all of it.
///
/// A way is some streams of operations. All that the filter finds is in one of them, and an index has each in the order
/// of ids. So how far a page may look can be told by the index alone: to the n-th operation of each stream. It is a
/// matter of time, not of truth: whatever the ways are, what lies in between is judged by the whole filter.
///
/// @param filter whole, with the statuses of this part
/// @param ways   by any of them
record AccessPaths(Filter filter, List<List<Stream>> ways) {

    private static final int MOST_STREAMS = 8;
    private static final Set<Status> LIVE = EnumSet.of(Status.PENDING, Status.RUNNING, Status.WAITING);
    private static final Set<Status> OVER = EnumSet.complementOf(EnumSet.copyOf(LIVE));
    private static final Set<Status> NOT_COMPLETED = EnumSet.of(Status.FAILED, Status.CANCELLED);
    private static final Set<String> INDEXED_ONCE_OVER = Set.of("type", "queue", "key");

    /// @param named the words there are which fit these patterns
    static AccessPaths through(Filter filter, Function<Words, List<String>> named) {
        var statuses = filter.statuses();
        if (LIVE.containsAll(statuses)) {
            return new AccessPaths(filter, List.of(List.of(new Stream(Kind.LIVE, null))));
        }
        var ways = new ArrayList<List<Stream>>();
        if (NOT_COMPLETED.containsAll(statuses)) {
            ways.add(statuses.stream().map(status -> new Stream(Kind.STATUS, status.word())).toList());
        }
        if (OVER.containsAll(statuses)) {
            filter.terms().stream().filter(AccessPaths::isIndexedOnceOver).map(Words.class::cast).forEach(words -> {
                var values = words.patterns().stream().noneMatch(pattern -> pattern.endsWith("*"))
                        ? words.patterns() : named.apply(words);
                if (values.size() <= MOST_STREAMS && values.stream().noneMatch(value -> value.endsWith("*"))) {
                    ways.add(values.stream().map(value ->
                            new Stream(Kind.valueOf(words.field().toUpperCase(Locale.ROOT)), value)).toList());
                }
            });
        }
        return new AccessPaths(filter, ways.isEmpty() ? List.of(List.of(new Stream(Kind.ALL, null))) : ways);
    }

    static boolean isIndexedOnceOver(Filter.Term term) {
        return term instanceof Words words && !words.negated() && INDEXED_ONCE_OVER.contains(words.field());
    }

    static Filter among(boolean isOver) {
        return Filter.of(isOver ? OVER : LIVE, null);
    }

    /// Whether a stream has just what is looked for: then a page is as quick as it is long.
    boolean isStraight() {
        if (ways.size() != 1 || ways.getFirst().size() != 1) {
            return false;
        }
        var statuses = filter.statuses();
        var others = filter.terms().stream()
                .filter(term -> !(term instanceof Filter.Time time && time.field().equals("created"))
                && !(term instanceof Words words && words.field().equals("status"))).toList();
        return switch (stream().kind()) {
            case ALL -> others.isEmpty() && statuses.size() == Status.values().length;
            case LIVE -> others.isEmpty() && statuses.equals(LIVE);
            case STATUS -> others.isEmpty();
            case TYPE, QUEUE, KEY -> others.size() == 1 && ((Words) others.getFirst()).patterns().stream()
                    .noneMatch(pattern -> pattern.endsWith("*")) && statuses.equals(OVER);
        };
    }

    /// Of a straight one.
    Stream stream() {
        return ways.getFirst().getFirst();
    }

    /// Whether all that is looked for is not over: there is little of it, beside what is.
    boolean isLive() {
        return LIVE.containsAll(filter.statuses());
    }
}
