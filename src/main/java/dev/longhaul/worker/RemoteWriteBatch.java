package dev.longhaul.worker;

import dev.longhaul.store.RunStore.QueueKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// One turn's visits, and what each of them wants.
///
/// @param limited the queues that have a limit on all workers together
record RemoteWriteBatch(List<WriteRequest> visits, Map<WriteRequest, Map<QueueKey, Integer>> wants,
        Set<String> limited) {

    boolean isEmpty() {
        return visits.isEmpty();
    }

    Map<QueueKey, Integer> wanted(WriteRequest visit) {
        return wants.getOrDefault(visit, Map.of());
    }

    Set<QueueKey> places() {
        return wants.values().stream().flatMap(wanted -> wanted.keySet().stream()).collect(Collectors.toSet());
    }

    /// The wanted queues that have a limit.
    Set<String> counted() {
        return places().stream().map(QueueKey::queue).filter(limited::contains).collect(Collectors.toSet());
    }

    /// Each visit alone.
    List<RemoteWriteBatch> parts() {
        return visits.stream().map(visit -> new RemoteWriteBatch(List.of(visit), wants.containsKey(visit)
                ? Map.of(visit, wants.get(visit)) : Map.of(), limited)).toList();
    }
}
