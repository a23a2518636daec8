package dev.longhaul.query;

import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Estimate;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.TimeSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An operation as our own interfaces show it: the reference interface's fields and more, with the exact status.
/// Without its input, which may be large and never changes, while a stream tells this with every report.
///
/// @param paused             somebody wants it to rest: it is not started, or stops at its next checkpoint
/// @param waitsFor           of a waiting one: `time`, `answer` or `operations` (its children)
/// @param progress           percent, 0 to 100
/// @param detail             `current` and `total`, if the task counts units
/// @param concurrency        how many with its key may run at once
/// @param elapsedSeconds     since the first attempt began, until the end or until now
/// @param estimatedRemaining seconds, or null if there is nothing to estimate from
/// @param runAt              not before; null: not by the clock, since it waits for an answer or for other operations
/// @param timeout            run time allowed per attempt, e.g. `5m`, as is `heartbeatTimeout`
/// @param version            grows with every change; the event id of its stream, and its `ETag`
@JsonNaming(SnakeCaseStrategy.class)
public record OperationView(String operationId, String type, String queue, int priority, String status,
                            boolean paused, @Nullable String waitsFor, double progress,
                            @Nullable String message, @Nullable Detail detail, List<String> tags, JsonNode metadata,
                            @Nullable Key concurrency,
                            Instant createdAt, @Nullable Instant runAt, @Nullable Instant startedAt, Instant updatedAt,
                                    @Nullable Instant finishedAt,
                            double elapsedSeconds, @Nullable Double estimatedRemaining, int attempt, int maxAttempts,
                                    int failures,
                            @Nullable String timeout, @Nullable String heartbeatTimeout, @Nullable Instant startBy,
                            @Nullable Instant deadline,
                            @Nullable String parentId, @Nullable String rerunOf, @Nullable String traceParent,
                                    @Nullable Instant cancelRequestedAt,
                            @Nullable JsonNode output, @Nullable String error, @Nullable String errorType, long version,
                                    Map<String, String> links) {

    public record Detail(long current, long total) {}

    /// @param rate at most so many starts within a time
    public record Key(String key, int limit, @Nullable Rate rate) {

        static Key of(Concurrency concurrency) {
            var rate = concurrency.rate();
            return new Key(concurrency.key(), concurrency.limit(), rate == null
                    ? null : new Rate(rate.starts(), TimeSpan.of(rate.per())));
        }
    }

    /// @param per e.g. `1m`
    public record Rate(int starts, String per) {}

    public static OperationView of(Operation operation) {
        var progress = operation.progress();
        var limits = operation.limits();
        var estimate = Estimate.remaining(operation);
        return new OperationView(operation.id().toString(), operation.type(), operation.queue(), operation.priority(),
                operation.status().word(), operation.paused(),
                operation.waitsFor() == null ? null : operation.waitsFor().word(),
                progress.percent(), progress.message(),
                progress.current() == null || progress.total() == null
                ? null : new Detail(progress.current(), progress.total()),
                operation.labels().tags(), operation.labels().metadata(), operation.concurrency() == null
                ? null : Key.of(operation.concurrency()),
                operation.createdAt(), moment(operation.runAt()), operation.startedAt(), operation.updatedAt(),
                operation.finishedAt(),
                operation.elapsed().toMillis() / 1000.0, estimate.isPresent() ? estimate.getAsDouble() : null,
                operation.attempt(), limits.maxAttempts(),
                operation.failures(), text(limits.timeout()), text(limits.heartbeatTimeout()), limits.startBy(),
                limits.deadline(),
                text(operation.parentId()), text(operation.rerunOf()), operation.traceParent(),
                operation.cancelRequestedAt(), operation.output(),
                operation.error() == null ? null : operation.error().message(), operation.error() == null
                ? null : operation.error().type(), operation.version(),
                links(operation.id()));
    }

    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    static @Nullable Instant moment(Instant runAt) {
        return runAt.isBefore(NEVER) ? runAt : null;
    }

    static Map<String, String> links(OperationId id) {
        var self = "/api/v1/operations/" + id;
        return Map.of("self", self, "events", self + "/events", "stream", "/progress/" + id + "/stream");
    }

    private static @Nullable String text(@Nullable OperationId id) {
        return id == null ? null : id.toString();
    }

    private static @Nullable String text(@Nullable Duration duration) {
        return duration == null ? null : TimeSpan.of(duration);
    }
}
