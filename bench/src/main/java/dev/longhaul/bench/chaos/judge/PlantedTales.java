package dev.longhaul.bench.chaos.judge;

import static dev.longhaul.bench.chaos.judge.PlantedBug.told;

import dev.longhaul.bench.chaos.journal.Entry;
import dev.longhaul.bench.chaos.journal.Entry.Acknowledged;
import dev.longhaul.bench.chaos.journal.Entry.Claimed;
import dev.longhaul.bench.chaos.journal.Entry.Left;
import dev.longhaul.bench.chaos.journal.Entry.NodeFault;
import dev.longhaul.bench.chaos.journal.Entry.Retried;
import dev.longhaul.bench.chaos.journal.Entry.StepStored;
import dev.longhaul.bench.chaos.journal.Entry.Told;
import dev.longhaul.bench.chaos.journal.Entry.Unexpected;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The planted bugs in what clients and subscribers were told.
final class PlantedTales {

    static final List<PlantedBug> ALL = List.of(
            told(AcknowledgementChecks.KEYS, "it answered a repeat with another id", added(entries ->
                    new Acknowledged(first(entries, Acknowledged.class, _ -> true).key(), uuid()))),
            told(AcknowledgementChecks.SUBMISSIONS, "it acknowledged what it did not store",
                    added(_ -> new Acknowledged("never", uuid()))),
            told(AcknowledgementChecks.CHANGES, "it acknowledged a retry and did nothing", added(entries ->
                    new Retried(first(entries, Acknowledged.class, _ -> true).id()))),
            told(AcknowledgementChecks.CLAIMS, "it forgot a step for the next attempt", added(entries ->
                    new Claimed(first(entries, StepStored.class, _ -> true).id(), uuid(), Long.MAX_VALUE, List.of()))),
            told(StreamChecks.OPERATION, "it told a change to nobody", without(is("operation", 2))),
            told(StreamChecks.OPERATION, "it told a change twice", twice(is("operation", 2))),
            told(StreamChecks.OPERATION, "it told two changes in the wrong order", swapped("operation")),
            told(StreamChecks.OPERATION, "it told another status than the history has",
                    changed(is("operation", 2), "failed")),
            told(StreamChecks.OPERATION, "it told progress again after a resume",
                    twice(told -> told.subscriber().startsWith("operation") && told.name().equals("progress"))),
            told(StreamChecks.REFERENCE, "it told a reference client an older report",
                    twice(told -> told.subscriber().startsWith("reference") && told.name().equals("progress"))),
            told(StreamChecks.REFERENCE, "it ended a reference stream without the end",
                    without(told -> told.subscriber().startsWith("reference") && told.name().equals("progress")
                            && isOver(told.status()))),
            told(StreamChecks.WORKFLOW, "it left a change out of a workflow's stream", without(is("workflow", 2))),
            told(StreamChecks.WORKFLOW, "it repeated a change in a workflow's stream", twice(is("workflow", 2))),
            told(StreamChecks.FEED, "it left a change out of the feed", without(is("feed", 2))),
            told(StreamChecks.FEED, "it repeated a change in the feed", twice(is("feed", 2))),
            told(StreamChecks.FEED, "it told running before pending in the feed", swapped("feed")),
            told(StreamChecks.FEED, "it never told the last change in the feed",
                    without(told -> told.subscriber().startsWith("feed") && told.name().equals("done"))),
            told(StreamChecks.ENDS, "it left a subscriber without an end",
                    added(_ -> new Left("operation-0", "/api/v1/operations/0/events", "closed"))),
            told(StreamChecks.ENDS, "it told an end that a retry had undone", PlantedTales::undone),
            told(RunChecks.PROGRESS, "it told a subscriber that progress fell", PlantedTales::fallen),
            told(EndChecks.ANSWERS, "it answered 500",
                    added(_ -> new Unexpected("POST /api/v1/operations", 500, "{}"))),
            told(EndChecks.NODES, "a node ended by itself", added(_ -> new NodeFault("node 1", "it ended"))));

    private PlantedTales() {
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    private static boolean isOver(String status) {
        return List.of("completed", "failed", "cancelled").contains(status);
    }

    private interface Maker {
        Entry of(List<Entry> entries);
    }

    private static UnaryOperator<List<Entry>> added(Maker entry) {
        return entries -> {
            var all = new ArrayList<>(entries);
            all.add(entry.of(entries));
            return all;
        };
    }

    private static <T extends Entry> T first(List<Entry> entries, Class<T> kind, Predicate<T> condition) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).filter(condition).findFirst().orElseThrow();
    }

    private static Predicate<Told> is(String subscriber, int seq) {
        return told -> told.subscriber().startsWith(subscriber + "-") && told.seq() == seq;
    }

    /// The last entry of the kind, so that a subscriber has much before it.
    private static int indexOf(List<Entry> entries, Predicate<Told> condition) {
        return IntStream.range(0, entries.size()).filter(n -> entries.get(n) instanceof Told told
                && condition.test(told)).reduce((_, last) -> last).orElseThrow();
    }

    private static UnaryOperator<List<Entry>> without(Predicate<Told> condition) {
        return entries -> {
            var all = new ArrayList<>(entries);
            all.remove(indexOf(entries, condition));
            return all;
        };
    }

    private static UnaryOperator<List<Entry>> twice(Predicate<Told> condition) {
        return entries -> {
            var all = new ArrayList<>(entries);
            var place = indexOf(entries, condition);
            all.add(place, entries.get(place));
            return all;
        };
    }

    /// Entries 2 and 3 of an operation, as one subscriber read them.
    private static UnaryOperator<List<Entry>> swapped(String subscriber) {
        return entries -> {
            var all = new ArrayList<>(entries);
            var later = indexOf(entries, is(subscriber, 3));
            var third = (Told) entries.get(later);
            var earlier = indexOf(entries, told -> told.seq() == 2 && told.subscriber().equals(third.subscriber())
                    && told.operation().equals(third.operation()));
            all.set(later, entries.get(earlier));
            all.set(earlier, third);
            return all;
        };
    }

    private static UnaryOperator<List<Entry>> changed(Predicate<Told> condition, String status) {
        return entries -> {
            var all = new ArrayList<>(entries);
            var place = indexOf(entries, condition);
            all.set(place, with((Told) entries.get(place), status, ((Told) entries.get(place)).progress(), 0));
            return all;
        };
    }

    private static Told with(Told told, String status, double progress, long opened) {
        return new Told(told.subscriber(), told.path(), told.stream(), opened, told.name(), told.id(),
                told.operation(), told.seq(), told.event(), status, told.attempt(), progress, told.version());
    }

    private static List<Entry> fallen(List<Entry> entries) {
        var all = new ArrayList<>(entries);
        var place = indexOf(entries, told -> told.subscriber().startsWith("operation-") && told.name().equals("done")
                && told.status().equals("completed"));
        all.set(place, with((Told) entries.get(place), "completed", 0, 0));
        return all;
    }

    /// Entry 2 is never the last: as the end, on a stream that was opened in a far future.
    private static List<Entry> undone(List<Entry> entries) {
        var all = new ArrayList<>(entries);
        var told = (Told) entries.get(indexOf(entries, is("operation", 2)));
        all.add(new Told("operation-0", told.path(), 1, Long.MAX_VALUE, "done", told.id(), told.operation(),
                told.seq(), told.event(), told.status(), told.attempt(), told.progress(), told.version()));
        return all;
    }
}
