package dev.longhaul.worker;

import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// The remote workers that spoke to this node lately. What a worker registered never changes, so it is read once; that
/// it is alive, and whether it drains, is found when its lease is renewed, several times within it.
@Component
class WorkerCache {

    private static final int MOST = 20_000;
    private static final int BEATS_PER_LEASE = 5;

    private final RemoteWorkerStore store;
    private final Map<UUID, Lease> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Lease> eldest) {
            return size() > MOST;
        }
    };

    private static final class Lease {

        private RemoteWorker worker;
        private long beatAt = System.nanoTime();

        Lease(RemoteWorker worker) {
            this.worker = worker;
        }
    }

    WorkerCache(RemoteWorkerStore store) {
        this.store = store;
    }

    void add(RemoteWorker worker) {
        synchronized (known) {
            known.put(worker.id(), new Lease(worker));
        }
    }

    /// @throws WorkerLost if there is no such worker any more
    RemoteWorker find(UUID id) {
        synchronized (known) {
            var entry = known.get(id);
            if (entry != null) {
                return entry.worker;
            }
        }
        var found = store.find(id).orElseThrow(() -> new WorkerLeaseLost(id));
        var entry = new Lease(found);
        entry.beatAt -= found.lease().toNanos();   // somebody else renewed it last
        synchronized (known) {
            known.put(id, entry);
        }
        return found;
    }

    /// Renews the leases of those of the workers for whom it is time.
    ///
    /// @param mustKnow true: also of workers that were just renewed it is asked whether they are alive
    /// @return those that turned out to be lost
    Set<UUID> beat(Collection<UUID> workers, boolean mustKnow) {
        var now = System.nanoTime();
        var due = new HashSet<UUID>();
        synchronized (known) {
            for (var id : workers) {
                var entry = known.get(id);
                if (mustKnow || entry == null
                        || now - entry.beatAt > entry.worker.lease().toNanos() / BEATS_PER_LEASE) {
                    due.add(id);
                }
            }
        }
        if (due.isEmpty()) {
            return Set.of();
        }
        var alive = store.beat(due);
        synchronized (known) {
            for (var id : due) {
                var entry = known.get(id);
                var isDraining = alive.get(id);
                if (isDraining == null) {
                    known.remove(id);
                } else if (entry != null) {
                    entry.beatAt = now;
                    entry.worker = entry.worker.draining(isDraining);
                }
            }
        }
        due.removeAll(alive.keySet());
        return due;
    }

    /// It is to claim nothing more, or to claim again. Of those that are not here, their next word finds it.
    void drained(UUID id, boolean isDraining) {
        synchronized (known) {
            var entry = known.get(id);
            if (entry != null) {
                entry.worker = entry.worker.draining(isDraining);
            }
        }
    }

    boolean isDraining(UUID id) {
        synchronized (known) {
            var entry = known.get(id);
            return entry != null && entry.worker.isDraining();
        }
    }

    void remove(UUID id) {
        synchronized (known) {
            known.remove(id);
        }
    }
}
