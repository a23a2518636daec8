package dev.longhaul.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One operation as its row was at one moment. Times are the database's.
///
/// @param attempt   how many attempts have begun
/// @param failures  how many of them failed by themselves
/// @param parked    true: not to be claimed before `runAt`
/// @param paused    true: somebody wants it to rest; if it runs, it stops at its next checkpoint
/// @param waitsFor  of a waiting one: what it waits for
/// @param parentId  the operation whose task submitted it
/// @param rerunOf   the operation it does over
/// @param concurrency how many with its key may run at once; null: it has no key
/// @param traceParent W3C trace context of the request that submitted it
/// @param startedAt of the first attempt
/// @param readAt    when the database read the row: what "elapsed" is measured to
public record Operation(OperationId id, String type, String queue, int priority, Status status,
        boolean parked, boolean paused,
                        @Nullable WaitReason waitsFor, Instant runAt, int attempt, int failures, Limits limits,
                        @Nullable Concurrency concurrency, Labels labels,
                        @Nullable String traceParent, Progress progress, long version,
                        @Nullable OperationId parentId, @Nullable OperationId rerunOf,
                                @Nullable Instant cancelRequestedAt, Instant createdAt,
                        @Nullable Instant startedAt, @Nullable Instant attemptStartedAt, Instant updatedAt,
                                @Nullable Instant finishedAt,
                        JsonNode input, @Nullable JsonNode output, @Nullable Failure error, Instant readAt) {

    public boolean isOver() {
        return status.isFinal();
    }

    /// Seconds since the first attempt began, until the end or until now; zero before the start.
    public Duration elapsed() {
        if (startedAt == null) {
            return Duration.ZERO;
        }
        var elapsed = Duration.between(startedAt, finishedAt == null ? readAt : finishedAt);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
