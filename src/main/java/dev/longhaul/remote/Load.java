package dev.longhaul.remote;

import dev.longhaul.store.RunStore.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// One turn's visits, and what each of them wants.
///
/// @param limited the queues that have a limit on all workers together
record Load(List<Visit> visits, Map<Visit, Map<Place, Integer>> wants, Set<String> limited) {

    boolean isEmpty() {
        return visits.isEmpty();
    }

    Map<Place, Integer> wanted(Visit visit) {
        return wants.getOrDefault(visit, Map.of());
    }

    Set<Place> places() {
        return wants.values().stream().flatMap(wanted -> wanted.keySet().stream()).collect(Collectors.toSet());
    }

    /// The wanted queues that have a limit.
    Set<String> counted() {
        return places().stream().map(Place::queue).filter(limited::contains).collect(Collectors.toSet());
    }

    /// Each visit alone.
    List<Load> parts() {
        return visits.stream().map(visit -> new Load(List.of(visit), wants.containsKey(visit) ? Map.of(visit, wants.get(visit)) : Map.of(), limited)).toList();
    }
}
