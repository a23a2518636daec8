package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.store.TrackedStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tracked operations: jobs that run elsewhere and only report here.
@RestController
class TrackingController {

    private final TrackedStore store;

    TrackingController(TrackedStore store) {
        this.store = store;
    }

    record Track(
            @JsonPropertyDescription("What kind of job, e.g. nightly_backup: any name")
            @Size(min = 1, max = 200) String type,
            @JsonPropertyDescription("For lists and filters; default: default")
            @Size(min = 1, max = 200) @Nullable String queue,
            @JsonPropertyDescription("The input of the job: any object") @Nullable ObjectNode input,
            @JsonPropertyDescription("The operation fails without a report for this long; default: no limit")
            @Min(1) @Max(31_536_000) @Nullable Double heartbeatTimeoutSeconds,
            @JsonPropertyDescription("The operation fails if it is not finished by then") @Nullable Instant deadline,
            @JsonPropertyDescription("For lists and filters") @Size(max = 20) @Nullable List<String> tags,
            @JsonPropertyDescription("For lists and filters, e.g. {\"host\": \"db7\"}") @Nullable ObjectNode metadata) {

        Submission submission(@Nullable String key, @Nullable String traceParent) {
            var heartbeat = heartbeatTimeoutSeconds == null
                    ? null : Duration.ofMillis(Math.round(heartbeatTimeoutSeconds * 1000));
            var limits = Limits.DEFAULT.withMaxAttempts(1).withHeartbeatTimeout(heartbeat)
                    .withDeadline(Timestamps.storable(deadline));
            var labels = Labels.checked(tags == null ? List.of() : tags,
                    metadata == null ? JsonNodeFactory.instance.objectNode() : metadata);
            return new Submission(type, input == null ? JsonNodeFactory.instance.objectNode() : input,
                    queue == null ? Submission.DEFAULT_QUEUE : queue, 0, null, limits, null, labels, key, traceParent);
        }
    }

    /// @param runId    the token that `run:report`, `run:complete` and `run:fail` need
    /// @param replayed true: an earlier request with this Idempotency-Key created the operation
    @JsonNaming(SnakeCaseStrategy.class)
    record Tracked(String operationId, UUID runId, boolean replayed) {}

    @Endpoint(value = "Track a job that runs elsewhere", status = 201,
            problems = ProblemKind.IDEMPOTENCY_CONFLICT,
            description = "The operation is running from now on. Report with `run:report`, and end it with "
            + "`run:complete` or `run:fail`. With an Idempotency-Key a restarted job gets the same token.")
    @PostMapping("/api/v1/operations:track")
    ResponseEntity<Tracked> track(@JsonBody Track track,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent, Caller caller) {
        var tracked = store.begin(track.submission(IdempotencyKey.parse(key), traceParent), caller);
        var created = ResponseEntity.created(URI.create("/api/v1/operations/" + tracked.id()));
        return (tracked.replayed() ? created.header("Idempotency-Replayed", "true") : created)
                .body(new Tracked(tracked.id().toString(), tracked.runId(), tracked.replayed()));
    }
}
