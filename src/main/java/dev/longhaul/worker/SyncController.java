package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// All that a worker has to say of its runs, and its next claim, at once.
@Component
class SyncController {

    private final RemoteRunWriter desk;
    private final ProgressCache memory;
    private final Outcomes ends;
    private final RunService runs;
    private final WorkerService crew;
    private final RemoteSettings settings;

    SyncController(RemoteRunWriter desk, ProgressCache memory, Outcomes ends, RunService runs, WorkerService crew,
            RemoteSettings settings) {
        this.desk = desk;
        this.memory = memory;
        this.ends = ends;
        this.runs = runs;
        this.crew = crew;
        this.settings = settings;
    }

    record SyncRequest(
            @JsonPropertyDescription("What there is to say of runs, each of them once") @Size(max =
            1_000) @Nullable List<RunUpdate> runs,
            @JsonPropertyDescription("What it would take; default: nothing") WorkersController.@Nullable Claim claim) {}

    record RunUpdate(
            UUID operationId,
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Percent") @Min(0) @Max(100) @Nullable Double progress,
            @Min(0) @Nullable Long current,
            @Min(1) @Nullable Long total,
            @Size(max = 2_000) @Nullable String message,
            @JsonPropertyDescription("Finished steps") @Size(max =
                    RunUpdates.MOST_STEPS) @Nullable List<RunUpdates.Finished> steps,
            @JsonPropertyDescription("Lines for its log") @Size(max =
            RunUpdates.MOST_STEPS) @Nullable List<RunUpdates.Line> log,
            @JsonPropertyDescription("It is done") @Nullable Completed complete,
            @JsonPropertyDescription("This attempt failed") @Nullable Failed fail,
            @JsonPropertyDescription("It is given back unfinished") @Nullable Released release) {}

    record Completed(@Nullable JsonNode output, @Size(max = 2_000) @Nullable String message) {}

    record Failed(@Size(min = 1) String message, @Size(min = 1, max = 200) @Nullable String type,
            @Nullable String trace, @Nullable Boolean retryable,
                  @Min(0) @Max(31_536_000) @Nullable Double retryAfterSeconds) {}

    record Released(@Size(max = 2_000) @Nullable String reason) {}

    /// @param runs   of those it spoke of, in the same order
    /// @param draining true: it gets nothing more until somebody resumes it
    @JsonNaming(SnakeCaseStrategy.class)
    record SyncResponse(List<UpdateResult> runs, List<ClaimView> claims, boolean draining) {}

    /// @param accepted false: this run is over, and what was said of it is void
    /// @param order    `cancel` or `pause`; null: go on
    @JsonNaming(SnakeCaseStrategy.class)
    record UpdateResult(UUID runId, boolean accepted, @Nullable String order) {}

    SyncResponse take(RemoteWorker worker, SyncRequest turn) throws InterruptedException {
        var words = turn.runs() == null ? List.<RunUpdate>of() : turn.runs();
        requireOnce(words);
        var now = Instant.now();
        var reports = new ArrayList<Report>();
        // a statement changes a row once: the last steps of a run that ends go first
        var before = new ArrayList<Report>();
        var ending = new ArrayList<End>();
        for (var word : words) {
            var end = end(word, now);
            if (end == null) {
                reports.add(report(word, now));
            } else {
                if (word.steps() != null && !word.steps().isEmpty()) {
                    before.add(report(word, now));
                }
                ending.add(end);
            }
        }
        if (!before.isEmpty()) {
            desk.visit(new WriteRequest(WorkerService.speaker(worker), null, before, List.of(), 0), Duration.ZERO);
        }
        var claim = turn.claim();
        if (claim != null && claim.runs() != null) {
            crew.disownStrays(worker, Stream.concat(claim.runs().stream(), words.stream().map(RunUpdate::runId))
                    .toList());
        }
        var visit = new WriteRequest(WorkerService.speaker(worker), worker, reports, ending, claim == null
                ? 0 : claim.most());
        var answer = desk.visit(visit, claim == null ? Duration.ZERO : claim.patience(settings));
        ending.forEach(runs::ended);
        return new SyncResponse(words.stream().map(word -> heard(word, answer, ending)).toList(),
                crew.claimed(worker, answer), crew.isDraining(worker));
    }

    private static void requireOnce(List<RunUpdate> words) {
        var seen = new HashSet<UUID>();
        for (var word : words) {
            if (!seen.add(word.operationId()) | !seen.add(word.runId())) {
                throw new IllegalArgumentException("operation " + word.operationId()
                        + " or its run is in this turn twice");
            }
            if ((word.complete() != null ? 1 : 0) + (word.fail() != null ? 1 : 0)
                    + (word.release() != null ? 1 : 0) > 1) {
                throw new IllegalArgumentException("operation " + word.operationId()
                        + ": expected one of complete, fail and release");
            }
        }
    }

    private Report report(RunUpdate word, Instant now) {
        return memory.report(new OperationId(word.operationId()), word.runId(),
                RunUpdates.progress(word.progress(), word.current(), word.total(), word.message()),
                RunUpdates.steps(word.steps()), word.complete() == null && word.fail() == null && word.release() == null
                ? RunUpdates.lines(word.log(), now) : List.of());
    }

    private @Nullable End end(RunUpdate word, Instant now) {
        var id = new OperationId(word.operationId());
        var log = RunUpdates.lines(word.log(), now);
        if (word.complete() != null) {
            return ends.completed(id, new RunUpdates.Complete(word.runId(), word.complete().output(),
                    word.complete().message(), null), log);
        }
        if (word.fail() != null) {
            var fail = word.fail();
            return ends.failed(id, new RunUpdates.Fail(word.runId(), fail.message(), fail.type(), fail.trace(),
                    fail.retryable(), fail.retryAfterSeconds(), null), log);
        }
        return word.release() == null
                ? null : ends.released(id, new RunUpdates.Release(word.runId(), word.release().reason(), null), log);
    }

    private UpdateResult heard(RunUpdate word, WriteRequest.Answer answer, List<End> ending) {
        var accepted = answer.accepted().contains(word.runId())
                || ending.stream().filter(end -> end.runId().equals(word.runId())).anyMatch(ends::wasTaken);
        return new UpdateResult(word.runId(), accepted, accepted
                ? RunService.Order.of(answer, word.runId()).order() : null);
    }
}
