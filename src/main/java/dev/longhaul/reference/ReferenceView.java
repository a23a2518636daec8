package dev.longhaul.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.live.Change;
import dev.longhaul.operation.Estimate;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.query.ListedOperation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.NullNode;

/// An operation in the reference interface.
///
/// @param status             `running`, `completed`, `failed` or `cancelled`; `running` stands for pending and waiting
///     too
/// @param state              the exact one: `pending`, `running`, `waiting`, `completed`, `failed`, `cancelled`
/// @param progress           percent, 0 to 100
/// @param startedAt          of the first attempt; before it `createdAt`, since the reference has no null
/// @param elapsedSeconds     since the first attempt began, until the end or until now
/// @param estimatedRemaining seconds, or null if there is nothing to estimate from
/// @param output             what the task returned; JSON null before it is completed; null: left out, as in lists
/// @param error              why the last attempt failed
/// @param version            grows with every change; the event id of the streams
@JsonNaming(SnakeCaseStrategy.class)
public record ReferenceView(String operationId, String status, String state, String type, String queue,
        double progress, String message,
                            Instant startedAt, Instant updatedAt, double elapsedSeconds,
                            @Nullable Double estimatedRemaining,
                            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode output,
                            @Nullable String error, int attempt, int maxAttempts,
                                    Instant createdAt,
                            @Nullable Instant finishedAt, @Nullable Instant cancelRequestedAt, long version) {

    public static ReferenceView of(Operation operation) {
        return of(operation, operation.error() == null ? null : operation.error().message());
    }

    /// An earlier failure of a retried operation has its error only as the reason of the change.
    public static ReferenceView of(Change change) {
        var operation = change.operation();
        var edge = change.stateChange();
        return operation.error() == null && edge != null && operation.status() == Status.FAILED
                ? of(operation, edge.reason())
                : of(operation);
    }

    /// As in lists: the output is left out.
    public static ReferenceView of(ListedOperation operation) {
        return new ReferenceView(operation.id().toString(), ReferenceTerms.status(operation.status()),
                operation.status().word(), operation.type(), operation.queue(), operation.percent(),
                ReferenceTerms.message(operation.status(), operation.message()),
                operation.startedAt() == null ? operation.createdAt() : operation.startedAt(), operation.updatedAt(),
                Estimate.seconds(operation.elapsed(), 2), null, null, operation.error(), operation.attempt(),
                operation.maxAttempts(), operation.createdAt(), operation.finishedAt(), operation.cancelRequestedAt(),
                operation.version());
    }

    private static ReferenceView of(Operation operation, @Nullable String error) {
        var estimate = Estimate.remaining(operation);
        return new ReferenceView(operation.id().toString(), ReferenceTerms.status(operation.status()),
                operation.status().word(), operation.type(),
                operation.queue(), operation.progress()
                .percent(), ReferenceTerms.message(operation.status(), operation.progress().message()),
                operation.startedAt() == null ? operation.createdAt() : operation.startedAt(), operation.updatedAt(),
                Estimate.seconds(operation.elapsed(), 2), estimate.isPresent() ? estimate.getAsDouble() : null,
                operation.output() == null ? NullNode.instance : operation.output(), error, operation.attempt(),
                operation.limits().maxAttempts(), operation.createdAt(),
                operation.finishedAt(),
                operation.cancelRequestedAt(), operation.version());
    }

    /// Whether a client would show the same: state, progress and message. The commit of a checkpoint after its report
    /// changes only `version`; an event for it would print a line twice.
    public boolean looksLike(ReferenceView earlier) {
        return state.equals(earlier.state) && progress == earlier.progress && message.equals(earlier.message);
    }
}
