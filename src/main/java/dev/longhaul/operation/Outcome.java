package dev.longhaul.operation;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How a run ended. A run has exactly one accepted outcome; a run that lost its lease has none.
public sealed interface Outcome {

    /// @param message final message; null: the last reported one stays
    record Completed(@Nullable JsonNode output, @Nullable String message) implements Outcome {}

    /// Failed for good: no attempts are left, or a retry is pointless.
    record Failed(Failure failure) implements Outcome {}

    /// The attempt failed; the next one starts after `delay`.
    record Retry(Failure failure, Duration delay) implements Outcome {}

    /// The task stopped because of a cancel request.
    record Cancelled() implements Outcome {}

    /// The operation waits without a thread, then resumes in the same attempt.
    ///
    /// @param longest  maximum wait; null: none
    /// @param children operations it waits for; empty: all children
    record Waits(WaitReason waitsFor, @Nullable Duration maxWait, Set<OperationId> children, String reason)
            implements Outcome {}

    /// Released unfinished, because the worker drains or the operation is paused; it resumes in the same attempt.
    record Released(String reason) implements Outcome {}
}
