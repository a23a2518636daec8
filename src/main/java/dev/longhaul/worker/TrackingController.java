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

/// Tracked operations: somebody else's job, that only reports.
@RestController
class TrackingController {

    private final TrackedStore store;

    TrackingController(TrackedStore store) {
        this.store = store;
    }

    record Track(
            @JsonPropertyDescription("What kind of job, e.g. nightly_backup: any name") @Size(min = 1,
            max = 200) String type,
            @JsonPropertyDescription("For lists and filters; default: default") @Size(min = 1,
            max = 200) @Nullable String queue,
            @JsonPropertyDescription("What it was started with: any object") @Nullable ObjectNode input,
            @JsonPropertyDescription("It has failed if nothing was heard of it for so long; default: for ever") @Min(
                    1) @Max(31_536_000) @Nullable Double heartbeatTimeoutSeconds,
            @JsonPropertyDescription("It has failed if it is not over by then") @Nullable Instant deadline,
            @JsonPropertyDescription("To find it by") @Size(max = 20) @Nullable List<String> tags,
            @JsonPropertyDescription("To find it by, e.g. {\"host\": \"db7\"}") @Nullable ObjectNode metadata) {

        Submission submission(@Nullable String key, @Nullable String traceParent) {
            var heartbeat = heartbeatTimeoutSeconds == null
                    ? null : Duration.ofMillis(Math.round(heartbeatTimeoutSeconds * 1000));
            return new Submission(type, input == null ? JsonNodeFactory.instance.objectNode() : input, queue == null
                    ? Submission.DEFAULT_QUEUE : queue, 0, null,
                    Limits.DEFAULT.withMaxAttempts(1).withHeartbeatTimeout(heartbeat)
                    .withDeadline(Timestamps.storable(deadline)), null,
                    Labels.given(tags == null ? List.of() : tags, metadata == null
                    ? JsonNodeFactory.instance.objectNode() : metadata), key, traceParent);
        }
    }

    /// @param runId    the token: `run:report`, `run:complete` and `run:fail` name it
    /// @param replayed true: it was there already, made by an earlier request with this Idempotency-Key
    @JsonNaming(SnakeCaseStrategy.class)
    record Tracked(String operationId, UUID runId, boolean replayed) {}

    @Endpoint(value = "Begins to track a job that runs elsewhere", status = 201,
            problems = ProblemKind.IDEMPOTENCY_CONFLICT,
            description =
            "The operation is running from now on; tell of it by `run:report`, and end it by `run:complete` or "
            + "`run:fail`. With an Idempotency-Key a job "
                    + "that was started again gets the token it had.")
    @PostMapping("/api/v1/operations:track")
    ResponseEntity<Tracked> track(@JsonBody Track track,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
                                  @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent,
                                          Caller caller) {
        var tracked = store.begin(track.submission(IdempotencyKey.parse(key), traceParent), caller);
        var created = ResponseEntity.created(URI.create("/api/v1/operations/" + tracked.id()));
        return (tracked.replayed() ? created.header("Idempotency-Replayed", "true") : created)
                .body(new Tracked(tracked.id().toString(), tracked.runId(), tracked.replayed()));
    }
}
