package dev.longhaul.task;

import dev.longhaul.operation.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Work that outlives a request.
///
/// @param <I> the input: a record. Its components become the JSON Schema of the input, jakarta.validation annotations
///            on them (`@Min`, `@NotBlank`, `@Size` …) its bounds, and `@Nullable` makes one optional
/// @param <O> the output: anything Jackson writes, at most 1 MB of JSON; `Void` for none
public interface Task<I, O> {

    /// Runs on a virtual thread of its own. May run more than once: after a crash or a failed attempt it begins anew,
    /// and [TaskContext#step] gives back what earlier attempts have finished. What it throws is retried with backoff
    /// until the attempts are used up, unless it is a [NotRetryable]; a [RetryLater] says itself when.
    @Nullable O run(I input, TaskContext context) throws Exception;

    /// Refuses what no schema can: asked before an operation is stored.
    ///
    /// @throws InvalidInput saying what was expected and what was found
    default void check(I input) {
    }

    /// What is stored of an input that was checked and whose [Secret] fields are encrypted already: for a task that
    /// holds the inputs of others, with their secrets.
    ///
    /// @param idempotencyKey with the same one the same input becomes the same; null: none
    default JsonNode stored(JsonNode checked, @Nullable String idempotencyKey) {
        return checked;
    }

    /// The pauses between attempts, unless the operation was submitted with others. Null: those of the settings, which
    /// double.
    default @Nullable RetryPolicy retryPolicy() {
        return null;
    }
}
