package dev.longhaul.sse;

import dev.longhaul.query.ListedOperation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An operation in a snapshot of many: without input, output and error.
@JsonNaming(SnakeCaseStrategy.class)
record ListedView(String operationId, String type, String queue, String status, double progress, @Nullable String message, int attempt,
                  Instant createdAt, @Nullable Instant startedAt, @Nullable Instant finishedAt, double elapsedSeconds, long version) {

    static ListedView of(ListedOperation operation) {
        return new ListedView(operation.id().toString(), operation.type(), operation.queue(), operation.status().word(), operation.percent(),
                operation.message(), operation.attempt(), operation.createdAt(), operation.startedAt(), operation.finishedAt(),
                operation.elapsed().toMillis() / 1000.0, operation.version());
    }
}
