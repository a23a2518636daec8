package dev.longhaul.worker;

import dev.longhaul.engine.RetryDecider;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// From what a worker says of the end of a run to its outcome.
@Component
class Outcomes {

    private static final int OUTPUT_LIMIT = 1 << 20;

    private final OperationStore operations;
    private final RemoteWorkerStore workers;
    private final RetryDecider attempts;
    private final ProgressCache memory;
    private final JsonMapper json;

    Outcomes(OperationStore operations, RemoteWorkerStore workers, RetryDecider attempts, ProgressCache memory,
            JsonMapper json) {
        this.operations = operations;
        this.workers = workers;
        this.attempts = attempts;
        this.memory = memory;
        this.json = json;
    }

    End completed(OperationId id, RunUpdates.Complete said, List<LogLine> log) {
        var output = said.output() == null || said.output().isNull()
                ? null : StorableJson.required("output", said.output());
        var size = output == null ? 0 : json.writeValueAsString(output).getBytes(StandardCharsets.UTF_8).length;
        if (size > OUTPUT_LIMIT) {
            throw new Problem(ProblemKind.TOO_LARGE, "output must be at most " + OUTPUT_LIMIT + " bytes of JSON, not "
                    + size);
        }
        var secrets = memory.secrets(id, said.runId());
        return end(id, said.runId(), new Outcome.Completed(output == null ? null : secrets.in(output), said.message()
                == null ? null : secrets.in(said.message())), log);
    }

    End failed(OperationId id, RunUpdates.Fail said, List<LogLine> log) {
        var failure = memory.secrets(id, said.runId()).in(new Failure(said.type() == null
                ? "error" : Text.cleaned(said.type(), 200), said.message(), List.of(), said.trace()));
        if (said.retryable() != null && !said.retryable()) {
            return end(id, said.runId(), new Outcome.Failed(failure), log);
        }
        var operation = operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        var asked = said.retryAfterSeconds() == null
                ? null : Duration.ofMillis(Math.round(said.retryAfterSeconds() * 1000));
        return end(id, said.runId(), attempts.failed(operation, failure, asked, operation.readAt()), log);
    }

    /// If a cancel was asked for it is cancelled thereby, if a pause, it rests.
    End released(OperationId id, RunUpdates.Release said, List<LogLine> log) {
        if (workers.isTracked(id) && operations.find(id).filter(operation -> operation.cancelRequestedAt() != null)
                .isEmpty()) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "operation " + id
                    + " is tracked: nobody else could go on with it; end it by run:complete or run:fail");
        }
        return end(id, said.runId(), new Outcome.Released(said.reason() == null ? "its worker gave it back"
                : memory.secrets(id, said.runId()).in(Text.cleaned(said.reason(), 2_000))), log);
    }

    End end(OperationId id, UUID run, Outcome outcome, List<LogLine> log) {
        return new End(id, run, outcome, memory.last(id, run), ProgressCache.concealed(log, memory.secrets(id, run)));
    }

    /// Whether a void end is only one that was sent a second time, since its answer was lost.
    boolean wasTaken(End end) {
        return switch (end.outcome()) {
            case Outcome.Completed _ -> workers.endedSo(end.id(), end.runId(), "completed");
            case Outcome.Failed _, Outcome.Retry _ -> workers.endedSo(end.id(), end.runId(), "failed", "pending");
            case Outcome.Waits _ -> workers.endedSo(end.id(), end.runId(), "waiting", "cancelled");
            case Outcome.Released _, Outcome.Cancelled _ -> workers.endedSo(end.id(), end.runId(), "pending",
                    "cancelled");
        };
    }
}
