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
/// @param error   error message of its last failed attempt
/// @param readAt  time of the read by the database's clock; [#elapsed] ends there
public record ListedOperation(OperationId id, String type, String queue, int priority, Status status, boolean paused,
        @Nullable WaitReason waitsFor, double percent,
                              @Nullable String message, Labels labels, int attempt, int maxAttempts, long version,
                                      @Nullable OperationId parentId,
                              Instant createdAt, Instant runAt, @Nullable Instant startedAt, Instant updatedAt,
                                      @Nullable Instant finishedAt,
                              @Nullable Instant cancelRequestedAt, @Nullable String error, Instant readAt) {

    /// Time since the first attempt began, until the end or until `readAt`; zero before the start.
    public Duration elapsed() {
        return startedAt == null ? Duration.ZERO : Duration.between(startedAt, finishedAt == null
                ? readAt : finishedAt);
    }
}
