package dev.longhaul.engine;

import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.ClaimRequest;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The entries of one source in a batch.
///
/// @param wanted how many operations the source claims, by claim group and queue
record WritePart(WriteSource source, List<Report> reports, List<End> ends, Map<QueueKey, Integer> wanted) {

    int size() {
        return reports.size() + ends.size() + wanted.size();
    }

    ClaimRequest request() {
        return new ClaimRequest(source.worker(), reports, ends, source.hasFailed() ? Map.of() : wanted);
    }

    List<Claim> claims(WriteResult result) {
        return wanted.isEmpty() ? List.of() : result.claims().stream()
                .filter(claim -> claim.worker().equals(source.worker().id())).toList();
    }

    /// One part per entry. The claims come last: a source with a failed entry claims nothing.
    Stream<WritePart> split() {
        return Stream.of(
                reports.stream().map(report -> new WritePart(source, List.of(report), List.of(), Map.of())),
                ends.stream().map(end -> new WritePart(source, List.of(), List.of(end), Map.of())),
                wanted.entrySet().stream().map(want ->
                        new WritePart(source, List.of(), List.of(), Map.of(want.getKey(), want.getValue()))))
                .flatMap(parts -> parts);
    }
}
