package dev.longhaul.worker;

import dev.longhaul.engine.OutputLimit;
import dev.longhaul.engine.RetryDecider;
import dev.longhaul.operation.Failure;
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
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Turns the request that ends a run into the end that the run writer takes.
@Component
class Outcomes {

    private final OperationStore operations;
    private final RemoteWorkerStore workers;
    private final RetryDecider retries;
    private final RunCache runs;
    private final OutputLimit limit;

    Outcomes(OperationStore operations, RemoteWorkerStore workers, RetryDecider retries, RunCache runs,
            OutputLimit limit) {
        this.operations = operations;
        this.workers = workers;
        this.retries = retries;
        this.runs = runs;
        this.limit = limit;
    }

    End completed(OperationId id, RunUpdates.Complete body) {
        var output = body.output() == null || body.output().isNull()
                ? null : StorableJson.required("output", body.output());
        var excess = output == null ? null : limit.excess(output);
        if (excess != null) {
            throw new Problem(ProblemKind.TOO_LARGE, excess);
        }
        var secrets = runs.secrets(id, body.runId());
        return runs.end(id, body.runId(), new Outcome.Completed(output == null ? null : secrets.redact(output),
                body.message() == null ? null : secrets.redact(body.message())),
                RunUpdates.lines(body.log(), secrets));
    }

    End failed(OperationId id, RunUpdates.Fail body) {
        var secrets = runs.secrets(id, body.runId());
        var failure = Failure.of(body.type() == null || body.type().isBlank() ? "error" : body.type(),
                body.message().isBlank() ? "failed without a message" : body.message(), body.trace(), secrets);
        return runs.end(id, body.runId(), outcome(id, body, failure), RunUpdates.lines(body.log(), secrets));
    }

    private Outcome outcome(OperationId id, RunUpdates.Fail body, Failure failure) {
        if (Boolean.FALSE.equals(body.retryable())) {
            return new Outcome.Failed(failure);
        }
        var operation = operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        var pause = body.retryAfterSeconds() == null
                ? null : Duration.ofMillis(Math.round(body.retryAfterSeconds() * 1000));
        return retries.failed(operation, failure, pause, operation.readAt());
    }

    /// A requested cancel becomes effective by it, and a requested pause, too.
    End released(OperationId id, RunUpdates.Release body) {
        if (workers.isTracked(id) && operations.find(id).filter(operation -> operation.cancelRequestedAt() != null)
                .isEmpty()) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "operation " + id
                    + " is tracked, so no worker could continue it; end it by run:complete or run:fail");
        }
        var secrets = runs.secrets(id, body.runId());
        var reason = body.reason() == null ? "released by its worker"
                : Text.cleaned(secrets.redact(body.reason()), 2_000);
        return runs.end(id, body.runId(), new Outcome.Released(reason), RunUpdates.lines(body.log(), secrets));
    }

    /// Whether a void end was accepted before: the worker sent it again, since the answer was lost.
    boolean wasAccepted(End end) {
        return switch (end.outcome()) {
            case Outcome.Completed _ -> workers.endedSo(end.id(), end.runId(), "completed");
            case Outcome.Failed _, Outcome.Retry _ -> workers.endedSo(end.id(), end.runId(), "failed", "pending");
            case Outcome.Waits _ -> workers.endedSo(end.id(), end.runId(), "waiting", "cancelled");
            case Outcome.Released _, Outcome.Cancelled _ ->
                    workers.endedSo(end.id(), end.runId(), "pending", "cancelled");
        };
    }
}
