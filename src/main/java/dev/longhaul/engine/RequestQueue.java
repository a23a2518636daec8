package dev.longhaul.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The requests of remote workers: those with something to write wait for the next batch, those that only claim until
/// there is something. Guarded by the lock of the [WriteQueue].
final class RequestQueue {

    private static final int MAX_ROWS = 2_000;

    private final Set<WriteRequest> arrived = new LinkedHashSet<>();
    private final Set<WriteRequest> waiting = new LinkedHashSet<>();
    private boolean isClosed;   // requests are answered at once

    void add(WriteRequest request) {
        arrived.add(request);
    }

    boolean isDue(ReadyQueues ready) {
        return !arrived.isEmpty() || waiting.stream().anyMatch(ready::hasFor);
    }

    /// A run is in one request of a batch at most, and its first entry goes first.
    Set<WriteRequest> takeArrived() {
        var taken = new LinkedHashSet<WriteRequest>();
        var runs = new HashSet<UUID>();
        var rows = 0;
        for (var request : arrived) {
            var isFirst = request.runs().stream().noneMatch(runs::contains);
            runs.addAll(request.runs());
            if (isFirst && (rows == 0 || rows + request.rows() <= MAX_ROWS)) {
                rows += request.rows();
                taken.add(request);
            }
        }
        arrived.removeAll(taken);
        return taken;
    }

    /// The request that has waited longest comes first.
    List<WriteRequest> claimers(Collection<WriteRequest> taken) {
        var claimers = new ArrayList<WriteRequest>();
        if (!isClosed) {
            claimers.addAll(waiting);
            taken.stream().filter(WriteRequest::claims).forEach(claimers::add);
        }
        return claimers;
    }

    void leaveTo(Collection<WriteRequest> batch) {
        waiting.removeAll(batch);
    }

    void settle(WriteRequest request) {
        if (request.settle(!isClosed)) {
            waiting.add(request);
        }
    }

    /// A request that only waits is answered at once; any other one after its next batch.
    void stopWaiting(WriteRequest request) {
        request.lastBatch();
        if (waiting.remove(request)) {
            request.settle(false);
        }
    }

    void stopWaiting(UUID worker) {
        waiting.stream().filter(request -> request.worker().id().equals(worker)).toList().forEach(this::stopWaiting);
    }

    void fail(UUID worker, RuntimeException reason) {
        for (var requests : List.of(arrived, waiting)) {
            requests.removeIf(request -> {
                var isOfWorker = request.worker().id().equals(worker);
                if (isOfWorker) {
                    request.abort(reason);
                }
                return isOfWorker;
            });
        }
    }

    Set<UUID> waitingWorkers() {
        return waiting.stream().map(request -> request.worker().id()).collect(Collectors.toSet());
    }

    void setClosed(boolean isClosed) {
        this.isClosed = isClosed;
        if (isClosed) {
            List.copyOf(waiting).forEach(this::stopWaiting);
        }
    }
}
