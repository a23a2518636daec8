package dev.longhaul.query;

import dev.longhaul.operation.Labels;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An operation as a list shows it: without input and output.
///
/// @param percent 0 to 100
/// @param error   why its last attempt failed
/// @param readAt  when the database read it: what "elapsed" is measured to
public record ListedOperation(OperationId id, String type, String queue, int priority, Status status, boolean paused,
        @Nullable WaitReason waitsFor, double percent,
                              @Nullable String message, Labels labels, int attempt, int maxAttempts, long version,
                                      @Nullable OperationId parentId,
                              Instant createdAt, Instant runAt, @Nullable Instant startedAt, Instant updatedAt,
                                      @Nullable Instant finishedAt,
                              @Nullable Instant cancelRequestedAt, @Nullable String error, Instant readAt) {

    /// Since the first attempt began, until the end or until now; zero before the start.
    public Duration elapsed() {
        return startedAt == null ? Duration.ZERO : Duration.between(startedAt, finishedAt == null
                ? readAt : finishedAt);
    }
}
