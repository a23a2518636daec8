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

/// The remote workers that this node heard of lately. A registration never changes, so it is read once. A renewal of
/// the lease tells whether the worker is alive and whether it drains.
@Component
class WorkerCache {

    private static final int MAX_WORKERS = 20_000;
    private static final int RENEWALS_PER_LEASE = 5;

    private final RemoteWorkerStore store;
    private final Map<UUID, Lease> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Lease> eldest) {
            return size() > MAX_WORKERS;
        }
    };

    private static final class Lease {

        private RemoteWorker worker;
        private long renewedAt = System.nanoTime();

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

    /// A worker whose lease may have expired is read again.
    ///
    /// @throws WorkerLeaseLost if there is no such worker, or no longer
    RemoteWorker find(UUID id) {
        synchronized (known) {
            var lease = known.get(id);
            if (lease != null && System.nanoTime() - lease.renewedAt < lease.worker.lease().toNanos()) {
                return lease.worker;
            }
        }
        var found = store.find(id).orElseThrow(() -> {
            remove(id);
            return new WorkerLeaseLost(id);
        });
        var lease = new Lease(found);
        lease.renewedAt -= found.lease().toNanos();   // another node renewed it last
        synchronized (known) {
            known.put(id, lease);
        }
        return found;
    }

    /// Those of the workers whose lease needs a renewal now.
    Set<UUID> due(Collection<UUID> workers) {
        var now = System.nanoTime();
        var due = new HashSet<UUID>();
        synchronized (known) {
            for (var id : workers) {
                var lease = known.get(id);
                if (lease == null || now - lease.renewedAt > lease.worker.lease().toNanos() / RENEWALS_PER_LEASE) {
                    due.add(id);
                }
            }
        }
        return due;
    }

    /// @return those of the workers that are lost
    Set<UUID> renew(Set<UUID> workers) {
        var now = System.nanoTime();
        var drainingById = store.beat(workers);
        synchronized (known) {
            for (var id : workers) {
                var lease = known.get(id);
                var isDraining = drainingById.get(id);
                if (isDraining == null) {
                    known.remove(id);
                } else if (lease != null) {
                    lease.renewedAt = now;
                    lease.worker = lease.worker.draining(isDraining);
                }
            }
        }
        var lost = new HashSet<>(workers);
        lost.removeAll(drainingById.keySet());
        return lost;
    }

    /// A worker that is not cached is read with its next request.
    void drained(UUID id, boolean isDraining) {
        synchronized (known) {
            var lease = known.get(id);
            if (lease != null) {
                lease.worker = lease.worker.draining(isDraining);
            }
        }
    }

    boolean isDraining(UUID id) {
        synchronized (known) {
            var lease = known.get(id);
            return lease != null && lease.worker.isDraining();
        }
    }

    void remove(UUID id) {
        synchronized (known) {
            known.remove(id);
        }
    }
}
