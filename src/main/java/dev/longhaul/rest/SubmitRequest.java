package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Concurrency;
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

/// What a caller asks to be run. Only `type` is required.
record SubmitRequest(
        @JsonPropertyDescription("What to run: one of the types of this service") @Size(min = 1, max = 200) String type,
        @JsonPropertyDescription("What the task needs, as its type describes it") @Nullable ObjectNode input,
        @JsonPropertyDescription("Queue it waits in; default: default") @Size(min = 1,
                max = 200) @Nullable String queue,
        @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
        100) @Nullable Integer priority,
        @JsonPropertyDescription("Not before this moment") @Nullable Instant runAt,
        @JsonPropertyDescription(
                "Not before so long from now, by the database's clock; instead of run_at") @Nullable Duration delay,
        @JsonPropertyDescription("How many attempts may fail; default 5") @Min(1) @Max(
        1000) @Nullable Integer maxAttempts,
        @JsonPropertyDescription("The pauses between attempts, e.g. {\"kind\": \"fixed\", \"delay\": \"PT30S\"}; "
        + "default: those of its task") @Nullable ObjectNode retry,
        @JsonPropertyDescription("Run time allowed per attempt") @Nullable Duration timeout,
        @JsonPropertyDescription("How long a run may say nothing at all") @Nullable Duration heartbeatTimeout,
        @JsonPropertyDescription("Fails unless its first attempt has begun by then") @Nullable Instant startBy,
        @JsonPropertyDescription("Fails unless it is over by then") @Nullable Instant deadline,
        @JsonPropertyDescription("How many with its key may run at once") @Nullable Key concurrency,
        @JsonPropertyDescription("To find it by, at most 20") @Size(max = 20) @Nullable List<String> tags,
        @JsonPropertyDescription("To find it by, e.g. {\"tenant\": \"acme\"}") @Nullable ObjectNode metadata,
        @JsonPropertyDescription("As the header Idempotency-Key; for each operation of a batch") @Size(min = 1,
                max = 200) @Nullable String idempotencyKey) {

    static final Duration LONGEST_DELAY = Duration.ofDays(3_650);

    record Key(
            @JsonPropertyDescription("What they have in common, e.g. customer:42") @Size(min = 1, max = 200) String key,
            @JsonPropertyDescription("At most so many at once; default 1") @Min(1) @Nullable Integer limit,
            @JsonPropertyDescription("At most so many starts within a time") @Nullable Rate rate,
            @JsonPropertyDescription("What becomes of a new one while another is not over: queue (default), skip or "
                    + "replace") @Nullable String ifActive) {

        Concurrency concurrency() {
            return new Concurrency(key, limit == null ? 1 : limit, rate == null
                    ? null : new Concurrency.Rate(rate.starts, rate.per),
                    ifActive == null ? Concurrency.IfActive.QUEUE : Concurrency.IfActive.parse(ifActive));
        }
    }

    record Rate(@Min(1) int starts, Duration per) {}

    /// @param clock asked only if there is a delay
    /// @throws IllegalArgumentException if fields contradict each other
    Submission submission(DatabaseClock clock) {
        return new Submission(type, input == null ? JsonNodeFactory.instance.objectNode() : input, queue == null
                ? Submission.DEFAULT_QUEUE : queue,
                priority == null ? 0 : priority, start(clock), limits(), concurrency == null
                ? null : concurrency.concurrency(),
                tags == null && metadata == null ? Labels.NONE : Labels.given(tags == null ? List.of() : tags, metadata
                == null ? JsonNodeFactory.instance.objectNode() : metadata),
                idempotencyKey, null);
    }

    private @Nullable Instant start(DatabaseClock clock) {
        if (delay == null) {
            return Timestamps.storable(runAt);
        }
        if (runAt != null) {
            throw new IllegalArgumentException("expected run_at or delay, not both");
        }
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("delay must be between 0s and " + TimeSpan.of(LONGEST_DELAY) + ", not "
                    + TimeSpan.of(delay));
        }
        return clock.now().plus(delay);
    }

    private Limits limits() {
        return new Limits(maxAttempts == null ? Limits.DEFAULT.maxAttempts() : maxAttempts, RetryPolicies.read(retry),
                within("timeout", timeout),
                within("heartbeat_timeout", heartbeatTimeout), Timestamps.storable(startBy),
                Timestamps.storable(deadline));
    }

    private static @Nullable Duration within(String what, @Nullable Duration duration) {
        if (duration != null && duration.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException(what + " must be at most " + TimeSpan.of(LONGEST_DELAY) + ", not "
                    + duration);
        }
        return duration;
    }
}
