package dev.longhaul.engine;

import dev.longhaul.store.RunStore.ClaimRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What one commit writes.
///
/// @param limited queues with a limit on all workers together
record WriteBatch(List<WritePart> parts, Set<String> limited) {

    private static final int PIECES = 16;

    List<ClaimRequest> requests() {
        return parts.stream().map(WritePart::request).toList();
    }

    int size() {
        return parts.stream().mapToInt(WritePart::size).sum();
    }

    /// The queues with a limit that this batch claims from.
    Set<String> limitedQueues() {
        return parts.stream().flatMap(part -> part.wanted().keySet().stream()).map(key -> key.queue())
                .filter(limited::contains).collect(Collectors.toSet());
    }

    /// At most 16 pieces: of 1,000 entries with one bad one, the third split is down to the bad one, after 48 commits.
    List<WriteBatch> split() {
        var entries = parts.stream().flatMap(WritePart::split).toList();
        var length = (entries.size() + PIECES - 1) / PIECES;
        var pieces = new ArrayList<WriteBatch>();
        for (var from = 0; from < entries.size(); from += length) {
            pieces.add(new WriteBatch(entries.subList(from, Math.min(entries.size(), from + length)), limited));
        }
        return pieces;
    }
}
