package dev.longhaul.operation;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How a run ended. Exactly one outcome of a run is accepted, and none of a run that lost its lease.
public sealed interface Outcome {

    /// @param message the last message its watchers see, or null to keep what the task reported last
    record Completed(@Nullable JsonNode output, @Nullable String message) implements Outcome {}

    /// For good: the attempts are used up, or no retry would mend it.
    record Failed(Failure failure) implements Outcome {}

    /// This attempt failed; another one begins after `delay`.
    record Retry(Failure failure, Duration delay) implements Outcome {}

    /// The task noticed the cancel request and stopped.
    record Cancelled() implements Outcome {}

    /// Nothing to do until something comes: the operation waits without a thread, then goes on with the same attempt.
    ///
    /// @param longest  goes on after so long in any case; null: never
    /// @param children those it waits for; empty: all
    record Waits(WaitReason waitsFor, @Nullable Duration longest, Set<OperationId> children, String reason)
            implements Outcome {}

    /// Handed back unfinished, by a draining worker or since somebody paused it; goes on with the same attempt.
    record Released(String reason) implements Outcome {}
}
