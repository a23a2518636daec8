package dev.longhaul.worker;

import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.ChildStore;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Worker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Updates of single runs.
@Component
class RunService {

    private static final UUID UNNAMED = new UUID(0, 0);

    private final RunWriter writer;
    private final RunCache cache;
    private final Outcomes outcomes;
    private final ChildStore children;

    RunService(RunWriter writer, RunCache cache, Outcomes outcomes, ChildStore children) {
        this.writer = writer;
        this.cache = cache;
        this.outcomes = outcomes;
        this.children = children;
    }

    Report report(OperationId id, RunUpdates.Report body) {
        var secrets = cache.secrets(id, body.runId());
        return cache.report(id, body.runId(), body.change(secrets), body.finishedSteps(),
                RunUpdates.lines(body.log(), secrets));
    }

    /// @throws RunLeaseLost if the run is over
    CommandView report(Report report, Caller caller) throws InterruptedException {
        var answer = writer.write(WriteRequest.of(worker(caller), List.of(report), List.of()), Duration.ZERO);
        if (!answer.accepted().contains(report.runId())) {
            cache.remove(report.runId());
            throw new RunLeaseLost(report.id());
        }
        cache.written(report);
        return CommandView.of(answer, report.runId());
    }

    /// @throws RunLeaseLost if the run is over, and not by this very end
    void end(End end, Caller caller) throws InterruptedException {
        var answer = writer.write(WriteRequest.ofEnds(worker(caller), List.of(end)), Duration.ZERO);
        if (!answer.accepted().contains(end.runId()) && !outcomes.wasAccepted(end)) {
            throw new RunLeaseLost(end.id());
        }
        ended(end);
    }

    /// What the operation waits for may have come before the wait was committed.
    void ended(End end) {
        cache.remove(end.runId());
        if (end.outcome() instanceof Outcome.Waits wait && wait.waitsFor() != WaitReason.TIME) {
            children.goOn(List.of(end.id()), "its worker");
        }
    }

    /// The history names the run's worker; a tracked operation has none, so it names the caller.
    private static Worker worker(Caller caller) {
        return new Worker(UNNAMED, caller.name(), "remote");
    }

    /// @param command `cancel`: release the run soon; `pause`: release it at the next step; null: continue
    @JsonNaming(SnakeCaseStrategy.class)
    record CommandView(@Nullable String command) {

        static CommandView of(WriteRequest.Answer answer, UUID run) {
            return new CommandView(answer.cancelRequested().contains(run) ? "cancel"
                    : answer.pauseRequested().contains(run) ? "pause" : null);
        }
    }
}
