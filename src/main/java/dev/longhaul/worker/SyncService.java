package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Updates of many runs of a worker and its next claim, in one request.
@Component
class SyncService {

    private final RunWriter writer;
    private final RunCache cache;
    private final Outcomes outcomes;
    private final RunService runs;
    private final WorkerService workers;
    private final WorkerLoop loop;
    private final WorkerSettings settings;

    SyncService(RunWriter writer, RunCache cache, Outcomes outcomes, RunService runs, WorkerService workers,
            WorkerLoop loop, WorkerSettings settings) {
        this.writer = writer;
        this.cache = cache;
        this.outcomes = outcomes;
        this.runs = runs;
        this.workers = workers;
        this.loop = loop;
        this.settings = settings;
    }

    record SyncRequest(
            @JsonPropertyDescription("Updates of runs, each run once")
            @Size(max = RunUpdates.MAX_ITEMS) @Nullable List<RunUpdate> runs,
            @JsonPropertyDescription("What to claim; default: nothing") WorkersController.@Nullable Claim claim) {}

    /// The update of one run: a report, an end, or a report and the end after it.
    record RunUpdate(
            UUID operationId,
            @JsonPropertyDescription("As the body of run:report") RunUpdates.@Nullable Report report,
            @JsonPropertyDescription("As the body of run:complete") RunUpdates.@Nullable Complete complete,
            @JsonPropertyDescription("As the body of run:fail") RunUpdates.@Nullable Fail fail,
            @JsonPropertyDescription("As the body of run:release") RunUpdates.@Nullable Release release) {

        UUID runId() {
            var ids = Stream.of(report == null ? null : report.runId(), complete == null ? null : complete.runId(),
                    fail == null ? null : fail.runId(), release == null ? null : release.runId())
                    .filter(Objects::nonNull).distinct().toList();
            var ends = Stream.<@Nullable Object>of(complete, fail, release).filter(Objects::nonNull).count();
            if (ids.size() != 1 || ends > 1) {
                throw new IllegalArgumentException("operation " + operationId + ": expected a report of one run, or "
                        + "one of complete, fail and release, or a report and one of them");
            }
            return ids.getFirst();
        }

        boolean isEnd() {
            return complete != null || fail != null || release != null;
        }
    }

    /// @param runs     one result per update, in the same order
    /// @param draining true: the worker gets nothing more until it is resumed
    @JsonNaming(SnakeCaseStrategy.class)
    record SyncResponse(List<UpdateResult> runs, List<ClaimView> claims, boolean draining) {}

    /// @param accepted false: the run is over, and its update is void
    /// @param command  `cancel` or `pause`; null: continue
    @JsonNaming(SnakeCaseStrategy.class)
    record UpdateResult(UUID runId, boolean accepted, @Nullable String command) {}

    SyncResponse sync(RemoteWorker worker, SyncRequest request) throws InterruptedException {
        var updates = request.runs() == null ? List.<RunUpdate>of() : request.runs();
        requireOnce(updates);
        var reports = new ArrayList<Report>();
        // a statement changes a row once: the last report of a run that ends is written in a batch before
        var lastReports = new ArrayList<Report>();
        var ends = new ArrayList<End>();
        for (var update : updates) {
            if (update.report() != null) {
                var report = runs.report(new OperationId(update.operationId()), update.report());
                (update.isEnd() ? lastReports : reports).add(report);
            }
            if (update.isEnd()) {
                ends.add(end(update));
            }
        }
        var identity = WorkerService.identity(worker);
        if (!lastReports.isEmpty()) {
            writer.write(WriteRequest.of(identity, lastReports, List.of()), Duration.ZERO);
        }
        var answer = write(worker, request, WriteRequest.of(identity, reports, ends));
        reports.stream().filter(report -> answer.accepted().contains(report.runId())).forEach(cache::written);
        ends.forEach(runs::ended);
        return new SyncResponse(updates.stream().map(update -> result(update.runId(), answer, ends)).toList(),
                workers.claimed(worker, answer), workers.isDraining(worker));
    }

    private static void requireOnce(List<RunUpdate> updates) {
        var seen = new HashSet<UUID>();
        for (var update : updates) {
            if (!seen.add(update.operationId()) | !seen.add(update.runId())) {
                throw new IllegalArgumentException("operation " + update.operationId()
                        + " or its run has two updates in this request");
            }
        }
    }

    private End end(RunUpdate update) {
        var id = new OperationId(update.operationId());
        if (update.complete() != null) {
            return outcomes.completed(id, update.complete());
        }
        return update.fail() != null ? outcomes.failed(id, update.fail()) : outcomes.released(id, update.release());
    }

    private WriteRequest.Answer write(RemoteWorker worker, SyncRequest request, WriteRequest write)
            throws InterruptedException {
        var claim = request.claim();
        if (claim == null) {
            loop.heardOf(Set.of(worker.id()));
            return writer.write(write, Duration.ZERO);
        }
        if (claim.runs() != null) {
            var updated = request.runs() == null ? Stream.<UUID>of() : request.runs().stream().map(RunUpdate::runId);
            workers.disownStrays(worker, Stream.concat(claim.runs().stream(), updated).toList());
        }
        return loop.claim(write.claiming(WorkerService.demand(worker, claim.count())), worker.id(),
                claim.wait(settings));
    }

    private UpdateResult result(UUID runId, WriteRequest.Answer answer, List<End> ends) {
        var isAccepted = answer.accepted().contains(runId)
                || ends.stream().filter(end -> end.runId().equals(runId)).anyMatch(outcomes::wasAccepted);
        return new UpdateResult(runId, isAccepted,
                isAccepted ? RunService.CommandView.of(answer, runId).command() : null);
    }
}
