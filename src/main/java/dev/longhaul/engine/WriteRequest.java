package dev.longhaul.engine;

import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/// What one request of a remote worker writes and claims, until it is answered.
public final class WriteRequest implements WriteSource {

    /// What a worker claims.
    ///
    /// @param types  the task types it runs
    /// @param queues from which it claims; null: every queue
    /// @param max    how many operations at most
    public record Demand(Set<String> types, @Nullable Set<String> queues, int max) {}

    /// @param accepted        runs whose report or end was accepted; a missing one has lost its lease
    /// @param cancelRequested runs among them that shall stop
    /// @param pauseRequested  runs among them that shall stop at their next checkpoint
    public record Answer(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested,
            Set<UUID> pauseRequested) {}

    private final Worker worker;
    private final List<Report> reports;
    private final List<End> ends;
    private final @Nullable Demand demand;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Answer result = new Answer(new ArrayList<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    private boolean isWritten;
    private @Nullable Throwable failure;
    private boolean isLastBatch;   // it waits no longer than for the batch that it is in

    private WriteRequest(Worker worker, List<Report> reports, List<End> ends, @Nullable Demand demand) {
        this.worker = worker;
        this.reports = reports;
        this.ends = ends;
        this.demand = demand;
        this.isWritten = reports.isEmpty() && ends.isEmpty();
    }

    public static WriteRequest of(Worker worker, List<Report> reports, List<End> ends) {
        return new WriteRequest(worker, reports, ends, null);
    }

    public static WriteRequest ofEnds(Worker worker, List<End> ends) {
        return of(worker, List.of(), ends);
    }

    public WriteRequest claiming(Demand demand) {
        return new WriteRequest(worker, reports, ends, demand);
    }

    boolean claims() {
        return demand != null && demand.max > 0;
    }

    /// How many rows it changes.
    int rows() {
        return isWritten ? 0 : reports.size() + ends.size();
    }

    Set<UUID> runs() {
        return Stream.concat(reports.stream().map(Report::runId), ends.stream().map(End::runId))
                .collect(Collectors.toSet());
    }

    WritePart part(Map<QueueKey, Integer> wanted) {
        return new WritePart(this, isWritten ? List.of() : reports, isWritten ? List.of() : ends, wanted);
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public int free() {
        return demand == null ? 0 : demand.max;
    }

    @Override
    public Set<String> claimGroups() {
        return demand == null ? Set.of() : demand.types;
    }

    @Override
    public @Nullable Set<String> queues() {
        return demand == null ? Set.of() : demand.queues;
    }

    @Override
    public void written(WritePart part, WriteResult written) {
        Stream.concat(part.reports().stream().map(Report::runId), part.ends().stream().map(End::runId))
                .filter(written.accepted()::contains).forEach(run -> {
            result.accepted.add(run);
            if (written.cancelRequested().contains(run)) {
                result.cancelRequested.add(run);
            }
            if (written.paused().contains(run)) {
                result.pauseRequested.add(run);
            }
        });
        result.claims.addAll(part.claims(written));
    }

    @Override
    public void postponed(WritePart part, DataAccessException reason) {
        failure = reason;
    }

    @Override
    public void refused(WritePart part, DataAccessException reason) {
        failure = reason;
    }

    void fail(Throwable reason) {
        failure = reason;
    }

    /// Answers at once.
    void abort(RuntimeException reason) {
        answer.completeExceptionally(reason);
    }

    void await(Duration wait) throws InterruptedException {
        try {
            answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException later) {
            // the caller asks for the answer next
        }
    }

    Answer answer() throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause
                    : new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public boolean hasFailed() {
        return failure != null;
    }

    void lastBatch() {
        isLastBatch = true;
    }

    /// Called after each batch that it was in.
    ///
    /// @param waits whether a request may wait for something to claim
    /// @return whether it goes on waiting; else it is answered now
    boolean settle(boolean waits) {
        var mayWait = claims() && result.claims.isEmpty() && !isLastBatch && waits;
        if (failure != null && !(isWritten && mayWait)) {
            answer.completeExceptionally(failure);
            return false;
        }
        isWritten = true;
        failure = null;
        if (!mayWait) {
            answer.complete(result);
        }
        return mayWait;
    }
}
