package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry.Left;
import dev.longhaul.bench.chaos.journal.Entry.Told;
import dev.longhaul.bench.chaos.judge.Check.Finding;
import dev.longhaul.bench.chaos.judge.Evidence.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// What subscribers must have been told, over all their connections together.
final class StreamChecks {

    static final String OPERATION = "a stream of an operation tells each change once, in order, as the history has it";
    static final String REFERENCE = "a reference stream goes forward, to the end of the operation";
    static final String WORKFLOW = "a stream of a workflow tells each change of each operation once, in order";
    static final String FEED = "the change feed tells each change of each operation once, in order";
    static final String ENDS = "each subscriber is told the end, and no end that a retry has undone";

    static final List<Check> ALL = List.of(new Check(OPERATION, StreamChecks::operations),
            new Check(REFERENCE, StreamChecks::references), new Check(WORKFLOW, StreamChecks::workflows),
            new Check(FEED, StreamChecks::feeds), new Check(ENDS, StreamChecks::ends));

    private StreamChecks() {
    }

    private static boolean isChange(Told told) {
        return told.seq() > 0;
    }

    private static String text(Told told) {
        return "%s %d %s %s (event %s, stream %d)".formatted(told.operation(), told.seq(), told.event(),
                told.status(), told.id(), told.stream());
    }

    private static Finding operations(Evidence evidence) throws SQLException {
        var violations = new ArrayList<String>();
        var cases = 0L;
        for (var subscriber : evidence.told("operation").entrySet()) {
            var changes = subscriber.getValue().stream().filter(StreamChecks::isChange).toList();
            var history = evidence.history().getOrDefault(subscriber.getValue().getFirst().operation(), List.of());
            cases += changes.size();
            for (var n = 0; n < changes.size(); n++) {
                var expected = n < history.size() ? history.get(n) : null;
                if (!isSame(changes.get(n), expected)) {
                    violations.add("%s was told %s, and the history has %s".formatted(subscriber.getKey(),
                            text(changes.get(n)), expected));
                    break;
                }
            }
            violations.addAll(backwards(subscriber.getKey(), subscriber.getValue()));
        }
        return Finding.of(cases, violations);
    }

    private static boolean isSame(Told told, @org.jspecify.annotations.Nullable Change change) {
        return change != null && told.seq() == change.seq() && told.event().equals(change.event())
                && told.status().equals(change.status()) && told.id().equals(String.valueOf(change.version()));
    }

    /// The ids are versions, which grow.
    private static List<String> backwards(String subscriber, List<Told> events) {
        var violations = new ArrayList<String>();
        for (var n = 1; n < events.size(); n++) {
            var before = events.get(n - 1);
            var isSecondOfPair = events.get(n).id().isEmpty();   // `done` after the last `progress`
            if (!isSecondOfPair && Long.parseLong(events.get(n).id()) <= Long.parseLong(before.id())) {
                violations.add("%s was told event %s after event %s".formatted(subscriber, events.get(n).id(),
                        before.id()));
            }
        }
        return violations;
    }

    private static Finding references(Evidence evidence) throws SQLException {
        var violations = new ArrayList<String>();
        var cases = 0L;
        for (var subscriber : evidence.told("reference").entrySet()) {
            var reports = subscriber.getValue().stream().filter(told -> told.name().equals("progress")).toList();
            cases += reports.size();
            violations.addAll(backwards(subscriber.getKey(), reports));
            var last = reports.isEmpty() ? null : reports.getLast();
            var history = last == null ? List.<Change>of()
                    : evidence.history().getOrDefault(last.operation(), List.of());
            if (last != null && history.stream().noneMatch(change -> change.isEnd()
                    && change.status().equals(last.status()) && last.id().equals(String.valueOf(change.version())))) {
                violations.add("%s was told %s as the last".formatted(subscriber.getKey(), text(last)));
            }
        }
        return Finding.of(cases, violations);
    }

    private static Finding workflows(Evidence evidence) throws SQLException {
        var violations = new ArrayList<String>();
        var cases = 0L;
        for (var subscriber : evidence.told("workflow").entrySet()) {
            var changes = subscriber.getValue().stream().filter(StreamChecks::isChange).toList();
            cases += changes.size();
            violations.addAll(unordered(subscriber.getKey(), changes, evidence.history(), false));
        }
        return Finding.of(cases, violations);
    }

    /// A feed that was reset proves nothing after that.
    private static Finding feeds(Evidence evidence) throws SQLException {
        var violations = new ArrayList<String>();
        var cases = 0L;
        for (var subscriber : evidence.told("feed").entrySet()) {
            var events = subscriber.getValue();
            var isReset = events.stream().anyMatch(told -> told.name().equals("reset"));
            if (isReset) {
                events = events.stream().takeWhile(told -> !told.name().equals("reset")).toList();
            }
            var changes = events.stream().filter(StreamChecks::isChange).toList();
            cases += changes.size();
            violations.addAll(unordered(subscriber.getKey(), changes, evidence.history(), !isReset));
        }
        return Finding.of(cases, violations);
    }

    /// @param isWhole true: all operations are told of, from their first change to their last; false: from any on
    private static List<String> unordered(String subscriber, List<Told> changes, Map<String, List<Change>> history,
            boolean isWhole) {
        var violations = new ArrayList<String>();
        var places = new HashMap<String, Integer>();   // in the history: of the next change
        var wrong = new HashSet<String>();             // operations of which one violation is known
        for (var told : changes) {
            if (wrong.contains(told.operation())) {
                continue;
            }
            var entries = history.getOrDefault(told.operation(), List.of());
            var place = places.computeIfAbsent(told.operation(), _ -> isWhole ? 0 : indexOf(entries, told.seq()));
            var expected = place < entries.size() ? entries.get(place) : null;
            if (expected == null || expected.seq() != told.seq() || !expected.event().equals(told.event())
                    || !expected.status().equals(told.status())) {
                violations.add("%s was told %s, and %s was next".formatted(subscriber, text(told), expected));
                wrong.add(told.operation());
            } else {
                places.put(told.operation(), place + 1);
            }
        }
        if (isWhole) {
            history.forEach((operation, entries) -> {
                if (!wrong.contains(operation) && places.getOrDefault(operation, 0) < entries.size()) {
                    violations.add("%s was told only %d of %d changes of %s".formatted(subscriber,
                            places.getOrDefault(operation, 0), entries.size(), operation));
                }
            });
        }
        return violations;
    }

    private static int indexOf(List<Change> entries, int seq) {
        for (var n = 0; n < entries.size(); n++) {
            if (entries.get(n).seq() == seq) {
                return n;
            }
        }
        return entries.size();
    }

    private static Finding ends(Evidence evidence) throws SQLException {
        var violations = new ArrayList<String>();
        var left = evidence.entries(Left.class).filter(one -> !one.path().startsWith("/api/v1/events")).toList();
        for (var one : left) {
            if (!one.reason().equals("end")) {
                violations.add("%s saw no end of %s: %s".formatted(one.subscriber(), one.path(), one.reason()));
            }
        }
        for (var told : evidence.entries(Told.class).filter(told -> told.name().equals("done") && isChange(told))
                .toList()) {
            var history = evidence.history().getOrDefault(told.operation(), List.of());
            var next = indexOf(history, told.seq()) + 1;
            if (!told.subscriber().startsWith("feed") && next < history.size()
                    && history.get(next).at() < told.opened()) {
                violations.add("%s was told %s as the end, and %s came before its stream was open".formatted(
                        told.subscriber(), text(told), history.get(next)));
            }
        }
        return Finding.of(left.size(), violations);
    }
}
