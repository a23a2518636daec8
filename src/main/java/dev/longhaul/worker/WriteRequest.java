package dev.longhaul.worker;

import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.ClaimRequest;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Worker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One request at the [RemoteRunWriter], until it is answered.
final class WriteRequest {

    /// @param accepted the runs whose report or end was taken
    record Answer(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested, Set<UUID> paused) {

        static final Answer NOTHING = new Answer(List.of(), Set.of(), Set.of(), Set.of());

        Answer with(List<Claim> claims) {
            return new Answer(claims, accepted, cancelRequested, paused);
        }
    }

    private final Worker speaker;
    private final @Nullable RemoteWorker claimer;
    private final List<Report> reports;
    private final List<End> ends;
    private final int most;
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private Answer told = Answer.NOTHING;
    private boolean hasTold;

    /// @param most how many operations to claim
    WriteRequest(Worker speaker, @Nullable RemoteWorker claimer, List<Report> reports, List<End> ends, int most) {
        this.speaker = speaker;
        this.claimer = claimer;
        this.reports = reports;
        this.ends = ends;
        this.most = most;
        this.hasTold = reports.isEmpty() && ends.isEmpty();
    }

    boolean claims() {
        return claimer != null && most > 0;
    }

    int most() {
        return most;
    }

    @Nullable UUID worker() {
        return claimer == null ? null : claimer.id();
    }

    /// How many rows it changes.
    int size() {
        return hasTold ? 0 : reports.size() + ends.size();
    }

    boolean hasTold() {
        return hasTold;
    }

    Set<UUID> runs() {
        return Stream.concat(reports.stream().map(Report::runId), ends.stream().map(End::runId))
                .collect(Collectors.toSet());
    }

    boolean takes(QueueKey place) {
        return claimer != null && !claimer.isDraining() && claimer.types().contains(place.lane())
                && (claimer.queues() == null || claimer.queues().contains(place.queue()));
    }

    ClaimRequest turn(Map<QueueKey, Integer> wanted) {
        return new ClaimRequest(speaker, hasTold ? List.of() : reports, hasTold ? List.of() : ends, wanted);
    }

    /// Its words are in the database; perhaps it still waits for something to claim.
    void told(Answer told) {
        if (!hasTold) {
            this.told = told;
            hasTold = true;
        }
    }

    void leave(List<Claim> claims) {
        answer.complete(told.with(claims));
    }
}
