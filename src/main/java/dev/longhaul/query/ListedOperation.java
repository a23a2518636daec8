package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An operation as a list shows it: without input, output and error.
///
/// @param percent 0 to 100
/// @param readAt  when the database read it: what "elapsed" is measured to
public record ListedOperation(OperationId id, String type, String queue, Status status, double percent, @Nullable String message, int attempt,
                              int maxAttempts, long version, Instant createdAt, @Nullable Instant startedAt, Instant updatedAt,
                              @Nullable Instant finishedAt, Instant readAt) {

    /// Since the first attempt began, until the end or until now; zero before the start.
    public Duration elapsed() {
        return startedAt == null ? Duration.ZERO : Duration.between(startedAt, finishedAt == null ? readAt : finishedAt);
    }
}
