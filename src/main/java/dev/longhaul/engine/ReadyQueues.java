package dev.longhaul.engine;

import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.QueueKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The queues that may have something to claim, by claim group. What is missing here has nothing, or the next look at
/// the table finds it. Guarded by the lock of the [WriteQueue].
final class ReadyQueues {

    private static final int MAX_QUEUES_PER_GROUP = 10_000;
    private static final int MAX_REMOTE_CLAIMS = 2_000;

    private final Map<String, Set<String>> byGroup = new HashMap<>();

    void add(QueueKey key) {
        var queues = byGroup.computeIfAbsent(key.claimGroup(), _ -> new LinkedHashSet<>());
        if (queues.size() < MAX_QUEUES_PER_GROUP) {
            queues.add(key.queue());
        }
    }

    /// What a look at the table found replaces all but the node's own queues.
    void replaceRemote(Collection<QueueKey> found) {
        byGroup.keySet().removeIf(group -> !group.isEmpty());
        found.forEach(this::add);
    }

    private void remove(QueueKey key) {
        byGroup.computeIfPresent(key.claimGroup(), (_, queues) -> {
            queues.remove(key.queue());
            return queues.isEmpty() ? null : queues;
        });
    }

    boolean hasFor(WriteSource source) {
        return source.claimGroups().stream().anyMatch(group -> byGroup.getOrDefault(group, Set.of()).stream()
                .anyMatch(queue -> source.queues() == null || source.queues().contains(queue)));
    }

    /// Which source claims where. What a source may take is shared evenly among its ready queues, so that a flood in
    /// one does not starve the others. A worker claims once in a batch, and one source claims from a queue with a
    /// limit.
    Map<WriteSource, Map<QueueKey, Integer>> allocate(List<WriteSource> sources, Set<String> limited) {
        var allocated = new LinkedHashMap<WriteSource, Map<QueueKey, Integer>>();
        var workers = new HashSet<>();
        var takenLimited = new HashMap<String, QueueKey>();
        var left = MAX_REMOTE_CLAIMS;
        for (var source : sources) {
            var isNode = source instanceof NodeRuns;
            var free = isNode ? source.free() : Math.min(source.free(), left);
            var keys = free <= 0 || workers.contains(source.worker().id()) ? List.<QueueKey>of()
                    : keys(source, limited, takenLimited);
            if (keys.isEmpty()) {
                continue;
            }
            workers.add(source.worker().id());
            var wanted = new LinkedHashMap<QueueKey, Integer>();
            for (var n = 0; n < keys.size() && free > 0; n++) {
                var share = Math.max(1, free / (keys.size() - n));
                wanted.put(keys.get(n), share);
                free -= share;
                left -= isNode ? 0 : share;
            }
            allocated.put(source, wanted);
        }
        allocated.values().forEach(wanted -> wanted.keySet().forEach(this::remove));
        return allocated;
    }

    private List<QueueKey> keys(WriteSource source, Set<String> limited, Map<String, QueueKey> takenLimited) {
        var keys = new ArrayList<QueueKey>();
        for (var group : source.claimGroups()) {
            for (var queue : byGroup.getOrDefault(group, Set.of())) {
                var key = new QueueKey(group, queue);
                if ((source.queues() == null || source.queues().contains(queue)) && (!limited.contains(queue)
                        || takenLimited.computeIfAbsent(queue, _ -> key).equals(key))) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /// A queue that gave all that was asked for may have more.
    void claimed(Collection<Map<QueueKey, Integer>> wanted, List<Claim> claims, UUID node) {
        var given = new HashMap<QueueKey, Integer>();
        claims.forEach(claim -> given.merge(new QueueKey(claim.worker().equals(node) ? "" : claim.operation().type(),
                claim.operation().queue()), 1, Integer::sum));
        var asked = new HashMap<QueueKey, Integer>();
        wanted.forEach(keys -> keys.forEach((key, slots) -> asked.merge(key, slots, Integer::sum)));
        asked.forEach((key, slots) -> {
            if (given.getOrDefault(key, 0) >= slots) {
                add(key);
            }
        });
    }
}
