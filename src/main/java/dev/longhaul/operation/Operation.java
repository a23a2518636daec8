package dev.longhaul.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A row of `operation` at the time of reading. Times come from the clock of the database.
///
/// @param attempt   number of started attempts
/// @param failures  number of failed attempts, without lost leases
/// @param delayed   true: cannot be claimed before `runAt`
/// @param paused    true: paused on request; a running operation stops at its next checkpoint
/// @param waitsFor  of a waiting operation; null: it does not wait
/// @param parentId  operation whose task submitted this one; null: none
/// @param rerunOf   operation that this one repeats; null: none
/// @param concurrency null: no concurrency key
/// @param traceParent W3C trace context of the request that submitted it
/// @param startedAt start of the first attempt; null: not started
/// @param readAt    when the database read the row; the end of the elapsed time of an unfinished operation
public record Operation(OperationId id, String type, String queue, int priority, Status status, boolean delayed,
        boolean paused, @Nullable WaitReason waitsFor, Instant runAt, int attempt, int failures, Limits limits,
        @Nullable Concurrency concurrency, Labels labels, @Nullable String traceParent, Progress progress,
        long version, @Nullable OperationId parentId, @Nullable OperationId rerunOf,
        @Nullable Instant cancelRequestedAt, Instant createdAt, @Nullable Instant startedAt,
        @Nullable Instant attemptStartedAt, Instant updatedAt, @Nullable Instant finishedAt, JsonNode input,
        @Nullable JsonNode output, @Nullable Failure error, Instant readAt) {

    public boolean isOver() {
        return status.isFinal();
    }

    /// From the start of the first attempt to the end or to `readAt`; zero before the start.
    public Duration elapsed() {
        if (startedAt == null) {
            return Duration.ZERO;
        }
        var elapsed = Duration.between(startedAt, finishedAt == null ? readAt : finishedAt);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
