package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.web.Problem;
import dev.longhaul.web.RefusedEntries;
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
import tools.jackson.databind.JsonNode;
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

    /// @param runId    null: the update names none
    /// @param accepted false: the update is void; without a problem, because its run is over
    /// @param command  `cancel` or `pause`; null: continue
    /// @param problem  why the update was refused, while its run goes on; null: it was not
    @JsonNaming(SnakeCaseStrategy.class)
    record UpdateResult(@Nullable UUID runId, boolean accepted, @Nullable String command,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String problem) {}

    /// An update as the writer takes it.
    private record Prepared(@Nullable UUID runId, @Nullable Report report, @Nullable End end,
            @Nullable String problem) {

        static Prepared refused(RefusedEntries.Refused refused) {
            return new Prepared(runId(refused.entry()), null, null, refused.reason());
        }

        private static @Nullable UUID runId(JsonNode entry) {
            try {
                return Stream.of("report", "complete", "fail", "release")
                        .map(name -> entry.path(name).path("run_id").asString("")).filter(text -> !text.isEmpty())
                        .findFirst().map(UUID::fromString).orElse(null);
            } catch (IllegalArgumentException none) {
                return null;
            }
        }
    }

    /// @param refused entries that are not among the updates of `request`
    SyncResponse sync(RemoteWorker worker, SyncRequest request, RefusedEntries refused) throws InterruptedException {
        var prepared = prepared(request, refused);
        var reports = new ArrayList<Report>();
        // a statement changes a row once: the last report of a run that ends is written in a batch before
        var lastReports = new ArrayList<Report>();
        var ends = new ArrayList<End>();
        for (var update : prepared) {
            if (update.report != null) {
                (update.end == null ? reports : lastReports).add(update.report);
            }
            if (update.end != null) {
                ends.add(update.end);
            }
        }
        var identity = WorkerService.identity(worker);
        if (!lastReports.isEmpty()) {
            writer.write(WriteRequest.of(identity, lastReports, List.of()), Duration.ZERO);
        }
        var answer = write(worker, request, prepared, WriteRequest.of(identity, reports, ends));
        reports.stream().filter(report -> answer.accepted().contains(report.runId())).forEach(cache::written);
        ends.forEach(runs::ended);
        return new SyncResponse(prepared.stream().map(update -> result(update, answer)).toList(),
                workers.claimed(worker, answer), workers.isDraining(worker));
    }

    /// In the order in which the updates were sent.
    private List<Prepared> prepared(SyncRequest request, RefusedEntries refused) {
        var seen = new HashSet<UUID>();
        var prepared = new ArrayList<Prepared>();
        for (var update : request.runs() == null ? List.<RunUpdate>of() : request.runs()) {
            addRefused(prepared, refused);
            prepared.add(prepared(update, seen));
        }
        addRefused(prepared, refused);
        return prepared;
    }

    private static void addRefused(List<Prepared> prepared, RefusedEntries refused) {
        for (var next = refused.byIndex().get(prepared.size()); next != null;
                next = refused.byIndex().get(prepared.size())) {
            prepared.add(Prepared.refused(next));
        }
    }

    private Prepared prepared(RunUpdate update, Set<UUID> seen) {
        UUID runId = null;
        try {
            runId = update.runId();
            if (!seen.add(update.operationId()) | !seen.add(runId)) {
                throw new IllegalArgumentException("operation " + update.operationId()
                        + " or its run has two updates in this request");
            }
            var end = update.isEnd() ? end(update) : null;
            return new Prepared(runId, update.report() == null ? null
                    : runs.report(new OperationId(update.operationId()), update.report()), end, null);
        } catch (Problem | InvalidInput | IllegalArgumentException refused) {
            return new Prepared(runId, null, null, String.valueOf(refused.getMessage()));
        }
    }

    private End end(RunUpdate update) {
        var id = new OperationId(update.operationId());
        if (update.complete() != null) {
            return outcomes.completed(id, update.complete());
        }
        return update.fail() != null ? outcomes.failed(id, update.fail()) : outcomes.released(id, update.release());
    }

    private WriteRequest.Answer write(RemoteWorker worker, SyncRequest request, List<Prepared> prepared,
            WriteRequest write) throws InterruptedException {
        var claim = request.claim();
        if (claim == null) {
            loop.heardOf(Set.of(worker.id()));
            return writer.write(write, Duration.ZERO);
        }
        if (claim.runs() != null) {
            var updated = prepared.stream().map(Prepared::runId).filter(Objects::nonNull);
            workers.disownStrays(worker, Stream.concat(claim.runs().stream(), updated).toList());
        }
        return loop.claim(write.claiming(WorkerService.demand(worker, claim.count())), worker.id(),
                claim.wait(settings));
    }

    private UpdateResult result(Prepared update, WriteRequest.Answer answer) {
        if (update.runId == null || update.problem != null) {
            return new UpdateResult(update.runId, false, null, update.problem);
        }
        var isAccepted = answer.accepted().contains(update.runId) || update.end != null
                && outcomes.wasAccepted(update.end);
        return new UpdateResult(update.runId, isAccepted,
                isAccepted ? RunService.CommandView.of(answer, update.runId).command() : null, null);
    }
}
