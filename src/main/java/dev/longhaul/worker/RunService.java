package dev.longhaul.worker;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.ChildStore;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The words of single runs, and what comes back: what somebody wants of the run, or that it is over.
@Component
class RunService {

    private static final UUID NOBODY = new UUID(0, 0);

    private final RemoteRunWriter desk;
    private final ProgressCache memory;
    private final Outcomes ends;
    private final ChildStore children;

    RunService(RemoteRunWriter desk, ProgressCache memory, Outcomes ends, ChildStore children) {
        this.desk = desk;
        this.memory = memory;
        this.ends = ends;
        this.children = children;
    }

    /// @throws RunLost if it is over
    Order report(OperationId id, RunUpdates.Report said, Caller caller) throws InterruptedException {
        return report(memory.report(id, said.runId(), said.said(), RunUpdates.steps(said.steps()),
                RunUpdates.lines(said.log(), Instant.now())), caller);
    }

    /// @throws RunLost if it is over
    Order report(Report report, Caller caller) throws InterruptedException {
        var answer = desk.visit(new WriteRequest(speaker(caller), null, List.of(report), List.of(), 0), Duration.ZERO);
        if (!answer.accepted().contains(report.runId())) {
            memory.forget(report.runId());
            throw new RunLeaseLost(report.id());
        }
        return Order.of(answer, report.runId());
    }

    /// @throws RunLost if it is over, and not by this very word
    void end(End end, Caller caller) throws InterruptedException {
        var answer = desk.visit(new WriteRequest(speaker(caller), null, List.of(), List.of(end), 0), Duration.ZERO);
        if (!answer.accepted().contains(end.runId()) && !ends.wasTaken(end)) {
            throw new RunLeaseLost(end.id());
        }
        ended(end);
    }

    /// What it waits for may have come while it began to wait.
    void ended(End end) {
        memory.forget(end.runId());
        if (end.outcome() instanceof Outcome.Waits waits && waits.waitsFor() != WaitReason.TIME) {
            children.goOn(List.of(end.id()), "its worker");
        }
    }

    /// The history names a run's worker; of a tracked one, who speaks.
    private static Worker speaker(Caller caller) {
        return new Worker(NOBODY, caller.name(), "remote");
    }

    /// What somebody wants of a run.
    ///
    /// @param order `cancel` or `pause`: give it back by run:release, a pause at the next step; null: go on
    @JsonNaming(SnakeCaseStrategy.class)
    record Order(@Nullable String order) {

        static Order of(WriteRequest.Answer answer, UUID run) {
            return new Order(answer.cancelRequested().contains(run) ? "cancel" : answer.paused().contains(run)
                    ? "pause" : null);
        }
    }
}
