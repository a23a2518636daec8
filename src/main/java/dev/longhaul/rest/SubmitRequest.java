package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.InvalidMember;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.RetryPolicies;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An operation to be submitted. Only `type` is required.
record SubmitRequest(
        @JsonPropertyDescription("Task type") @Size(min = 1, max = 200) String type,
        @JsonPropertyDescription("Input of the task, as its type describes it") @Nullable ObjectNode input,
        @JsonPropertyDescription("Queue; default: default") @Size(min = 1,
                max = 200) @Nullable String queue,
        @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
        100) @Nullable Integer priority,
        @JsonPropertyDescription("Earliest start") @Nullable Instant runAt,
        @JsonPropertyDescription(
                "Earliest start, from now by the database's clock; instead of run_at") @Nullable Duration delay,
        @JsonPropertyDescription("Maximum number of failed attempts; default 5") @Min(1) @Max(
        1000) @Nullable Integer maxAttempts,
        @JsonPropertyDescription("Backoff between attempts, e.g. {\"kind\": \"fixed\", \"delay\": \"PT30S\"}; "
        + "default: that of its task") @Nullable ObjectNode retry,
        @JsonPropertyDescription("Run time allowed per attempt") @Nullable Duration timeout,
        @JsonPropertyDescription("Maximum time without any report of a run") @Nullable Duration heartbeatTimeout,
        @JsonPropertyDescription("Fails unless its first attempt has started by then") @Nullable Instant startBy,
        @JsonPropertyDescription("Fails unless it has ended by then") @Nullable Instant deadline,
        @JsonPropertyDescription(
                "Limits running operations with the same key") @Nullable ConcurrencyRequest concurrency,
        @JsonPropertyDescription("For filters, at most 20") @Size(max = 20) @Nullable List<String> tags,
        @JsonPropertyDescription("For filters, e.g. {\"tenant\": \"acme\"}") @Nullable ObjectNode metadata,
        @JsonPropertyDescription("As the header Idempotency-Key; for each operation of a batch") @Size(min = 1,
                max = 200) @Nullable String idempotencyKey) {

    static final Duration LONGEST_DELAY = Duration.ofDays(3_650);

    record ConcurrencyRequest(
            @JsonPropertyDescription("e.g. customer:42") @Size(min = 1, max = 200) String key,
            @JsonPropertyDescription("Maximum number of running operations; default 1") @Min(1) @Nullable Integer limit,
            @JsonPropertyDescription("Maximum number of starts within a time") @Nullable RateRequest rate,
            @JsonPropertyDescription("What happens to a new operation while another is unfinished: queue (default), "
                    + "skip or replace") @Nullable String ifActive) {

        Concurrency concurrency() {
            return new Concurrency(key, limit == null ? 1 : limit, rate == null
                    ? null : new Concurrency.Rate(rate.starts, rate.per),
                    ifActive == null ? Concurrency.IfActive.QUEUE : Concurrency.IfActive.parse(ifActive));
        }
    }

    record RateRequest(@Min(1) int starts, Duration per) {}

    /// @param clock read only if there is a delay
    /// @throws IllegalArgumentException if members contradict each other
    Submission submission(DatabaseClock clock) {
        return new Submission(type, input == null ? JsonNodeFactory.instance.objectNode() : input, queue == null
                ? Submission.DEFAULT_QUEUE : queue,
                priority == null ? 0 : priority, runAt(clock), limits(), concurrency == null
                ? null : concurrency.concurrency(),
                tags == null && metadata == null
                ? Labels.NONE : Labels.checked(tags == null ? List.of() : tags, metadata
                == null ? JsonNodeFactory.instance.objectNode() : metadata),
                idempotencyKey, null);
    }

    private @Nullable Instant runAt(DatabaseClock clock) {
        if (delay == null) {
            return Timestamps.storable(runAt);
        }
        if (runAt != null) {
            throw new IllegalArgumentException("expected run_at or delay, not both");
        }
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new InvalidMember("/delay", "delay must be between 0s and " + TimeSpan.of(LONGEST_DELAY) + ", not "
                    + TimeSpan.of(delay));
        }
        return clock.now().plus(delay);
    }

    private Limits limits() {
        return new Limits(maxAttempts == null ? Limits.DEFAULT.maxAttempts() : maxAttempts, RetryPolicies.read(retry),
                bounded("timeout", timeout),
                bounded("heartbeat_timeout", heartbeatTimeout), Timestamps.storable(startBy),
                Timestamps.storable(deadline));
    }

    private static @Nullable Duration bounded(String what, @Nullable Duration duration) {
        if (duration != null && duration.compareTo(LONGEST_DELAY) > 0) {
            throw new InvalidMember("/" + what, what + " must be at most " + TimeSpan.of(LONGEST_DELAY) + ", not "
                    + duration);
        }
        return duration;
    }
}
