package dev.longhaul.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Estimate;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.query.ListedOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An operation in REST, in event streams and in MCP resources. Members without a value are left out. Lists leave out
/// what may be large or needs a second read: input, output, detail, concurrency and limits. Event streams leave out the
/// input, which never changes.
///
/// @param waitsFor           of a waiting one: `time`, `answer` or `operations` (its children)
/// @param progress           percent, 0 to 100
/// @param detail             `current` and `total`, if the task counts units
/// @param concurrency        maximum number of running operations with its key
/// @param elapsedSeconds     since the first attempt began, until the end or until now
/// @param estimatedRemaining seconds; null: nothing to estimate from
/// @param runAt              earliest start; null: not by the clock, it waits for an answer or for other operations
/// @param timeout            run time allowed per attempt, e.g. `5m`, as is `heartbeatTimeout`
/// @param inputRequired      open input requests; null: none, or not in this representation
/// @param version            grows with every change; the event id of its stream, and its `ETag`
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperationView(String operationId, String type, String queue, int priority, String status,
        boolean paused, @Nullable String waitsFor, double progress, @Nullable String message,
        @Nullable ProgressDetail detail, List<String> tags, JsonNode metadata, @Nullable ConcurrencyView concurrency,
        Instant createdAt, @Nullable Instant runAt, @Nullable Instant startedAt, Instant updatedAt,
        @Nullable Instant finishedAt, double elapsedSeconds, @Nullable Double estimatedRemaining, int attempt,
        int maxAttempts, @Nullable Integer failures, @Nullable String timeout, @Nullable String heartbeatTimeout,
        @Nullable Instant startBy, @Nullable Instant deadline, @Nullable String parentId, @Nullable String rerunOf,
        @Nullable String traceParent, @Nullable Instant cancelRequestedAt, @Nullable JsonNode input,
        @Nullable JsonNode output, @Nullable String error, @Nullable String errorType,
        @Nullable List<InputRequestView> inputRequired, long version, Map<String, String> links) {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");   // the database's infinity is later

    public record ProgressDetail(long current, long total) {}

    /// @param rate maximum number of starts within a time; null: any
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConcurrencyView(String key, int limit, @Nullable RateView rate) {

        static ConcurrencyView of(Concurrency concurrency) {
            var rate = concurrency.rate();
            return new ConcurrencyView(concurrency.key(), concurrency.limit(),
                    rate == null ? null : new RateView(rate.starts(), TimeSpan.of(rate.per())));
        }
    }

    /// @param per e.g. `1m`
    public record RateView(int starts, String per) {}

    /// As in event streams.
    public static OperationView of(Operation operation) {
        return of(operation, null, null);
    }

    /// With its input, and its open input requests if it has any.
    public static OperationView of(Operation operation, List<InputRequest> open) {
        return of(operation, operation.input(),
                open.isEmpty() ? null : open.stream().map(InputRequestView::of).toList());
    }

    private static OperationView of(Operation operation, @Nullable JsonNode input,
            @Nullable List<InputRequestView> inputRequired) {
        var progress = operation.progress();
        var limits = operation.limits();
        var estimate = Estimate.remaining(operation);
        var error = operation.error();
        return new OperationView(operation.id().toString(), operation.type(), operation.queue(), operation.priority(),
                operation.status().word(), operation.paused(),
                operation.waitsFor() == null ? null : operation.waitsFor().word(), progress.percent(),
                progress.message(), progress.current() == null || progress.total() == null
                ? null : new ProgressDetail(progress.current(), progress.total()),
                operation.labels().tags(), operation.labels().metadata(),
                operation.concurrency() == null ? null : ConcurrencyView.of(operation.concurrency()),
                operation.createdAt(), runAt(operation.runAt()), operation.startedAt(), operation.updatedAt(),
                operation.finishedAt(), seconds(operation.elapsed()),
                estimate.isPresent() ? estimate.getAsDouble() : null, operation.attempt(), limits.maxAttempts(),
                operation.failures(), text(limits.timeout()), text(limits.heartbeatTimeout()), limits.startBy(),
                limits.deadline(), text(operation.parentId()), text(operation.rerunOf()), operation.traceParent(),
                operation.cancelRequestedAt(), input, operation.output(), error == null ? null : error.message(),
                error == null ? null : error.type(), inputRequired, operation.version(), links(operation.id()));
    }

    /// As in lists.
    public static OperationView of(ListedOperation operation) {
        return new OperationView(operation.id().toString(), operation.type(), operation.queue(), operation.priority(),
                operation.status().word(), operation.paused(),
                operation.waitsFor() == null ? null : operation.waitsFor().word(), operation.percent(),
                operation.message(), null, operation.labels().tags(), operation.labels().metadata(), null,
                operation.createdAt(), runAt(operation.runAt()), operation.startedAt(), operation.updatedAt(),
                operation.finishedAt(), seconds(operation.elapsed()), null, operation.attempt(),
                operation.maxAttempts(), null, null, null, null, null, text(operation.parentId()), null, null,
                operation.cancelRequestedAt(), null, null, operation.error(), null, null, operation.version(),
                links(operation.id()));
    }

    private static @Nullable Instant runAt(Instant runAt) {
        return runAt.isAfter(LATEST) ? null : runAt;
    }

    private static double seconds(Duration elapsed) {
        return elapsed.toMillis() / 1000.0;
    }

    private static Map<String, String> links(OperationId id) {
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
