package dev.longhaul.task;

import dev.longhaul.operation.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The code of an operation.
///
/// @param <I> the input: a record. Its components become the JSON Schema of the input, jakarta.validation annotations
///            on them (`@Min`, `@NotBlank`, `@Size` …) its bounds, and `@Nullable` makes one optional
/// @param <O> the output: anything Jackson writes, at most 1 MB of JSON; `Void` for none
public interface Task<I, O> {

    /// Runs on a virtual thread, perhaps more than once: after a crash or a failed attempt it begins again, and
    /// [TaskContext#step] returns the results of earlier attempts. An exception is retried with backoff until the
    /// attempts are used up. [NotRetryable] fails at once; [RetryLater] sets the pause.
    @Nullable O run(I input, TaskContext context) throws Exception;

    /// Checks an input before the operation is stored, beyond its schema.
    ///
    /// @throws RuntimeException with what was expected and what was found
    default void check(I input) {
    }

    /// A checked input as it is stored, its [Secret] fields encrypted: for a task whose input contains inputs of other
    /// tasks.
    ///
    /// @param idempotencyKey equal inputs under the same key become equal; null: none
    default JsonNode stored(JsonNode checked, @Nullable String idempotencyKey) {
        return checked;
    }

    /// The default retry policy of its operations; null: as in the settings.
    default @Nullable RetryPolicy retryPolicy() {
        return null;
    }
}
