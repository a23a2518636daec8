package dev.longhaul.query;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An operation as a list shows it: [OperationView] without input, output and limits.
@JsonNaming(SnakeCaseStrategy.class)
public record OperationSummary(String operationId, String type, String queue, int priority, String status,
        boolean paused, @Nullable String waitsFor, double progress,
                         @Nullable String message, List<String> tags, JsonNode metadata, Instant createdAt,
                         @Nullable Instant runAt, @Nullable Instant startedAt,
                         Instant updatedAt, @Nullable Instant finishedAt, double elapsedSeconds, int attempt,
                                 int maxAttempts, @Nullable String parentId,
                         @Nullable Instant cancelRequestedAt, @Nullable String error, long version,
                         Map<String, String> links) {

    public static OperationSummary of(ListedOperation operation) {
        return new OperationSummary(operation.id().toString(), operation.type(), operation.queue(),
                operation.priority(), operation.status().word(), operation.paused(),
                operation.waitsFor() == null ? null : operation.waitsFor().word(), operation.percent(),
                operation.message(), operation.labels().tags(),
                operation.labels().metadata(), operation.createdAt(), OperationView.moment(operation.runAt()),
                operation.startedAt(), operation.updatedAt(), operation.finishedAt(),
                operation.elapsed().toMillis() / 1000.0, operation.attempt(), operation.maxAttempts(),
                operation.parentId() == null ? null : operation.parentId().toString(), operation.cancelRequestedAt(),
                operation.error(), operation.version(),
                OperationView.links(operation.id()));
    }
}
