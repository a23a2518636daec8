package dev.longhaul.query;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An operation as our own interfaces show it: the reference interface's fields and more, with the exact status.
///
/// @param paused         somebody wants it to rest: it is not started, or stops at its next checkpoint
/// @param waitsFor       of a waiting one: `time`, `answer` or `operations` (its children)
/// @param progress       percent, 0 to 100
/// @param detail         `current` and `total`, if the task counts units
/// @param elapsedSeconds since the first attempt began, until the end or until now
/// @param runAt          not before
/// @param version        grows with every change; the event id of its stream
@JsonNaming(SnakeCaseStrategy.class)
public record OperationView(String operationId, String type, String queue, int priority, String status,
                            boolean paused, @Nullable String waitsFor, double progress,
                            @Nullable String message, @Nullable Detail detail, Instant createdAt, Instant runAt, @Nullable Instant startedAt,
                            Instant updatedAt, @Nullable Instant finishedAt, double elapsedSeconds, int attempt, int maxAttempts, int failures,
                            @Nullable String parentId, @Nullable String rerunOf, @Nullable Instant cancelRequestedAt, @Nullable JsonNode output, @Nullable String error, long version,
                            Map<String, String> links) {

    public record Detail(long current, long total) {}

    public static OperationView of(Operation operation) {
        var progress = operation.progress();
        var self = "/api/v1/operations/" + operation.id();
        return new OperationView(operation.id().toString(), operation.type(), operation.queue(), operation.priority(), operation.status().word(), operation.paused(),
                operation.waitsFor() == null ? null : operation.waitsFor().word(),
                progress.percent(), progress.message(),
                progress.current() == null || progress.total() == null ? null : new Detail(progress.current(), progress.total()),
                operation.createdAt(), operation.runAt(), operation.startedAt(), operation.updatedAt(), operation.finishedAt(),
                operation.elapsed().toMillis() / 1000.0, operation.attempt(), operation.limits().maxAttempts(), operation.failures(),
                text(operation.parentId()), text(operation.rerunOf()), operation.cancelRequestedAt(), operation.output(), operation.error() == null ? null : operation.error().message(), operation.version(),
                Map.of("events", self + "/events", "stream", "/progress/" + operation.id() + "/stream"));
    }

    private static @Nullable String text(@Nullable OperationId id) {
        return id == null ? null : id.toString();
    }
}
