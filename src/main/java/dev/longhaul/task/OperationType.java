package dev.longhaul.task;

import dev.longhaul.operation.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type of operations that can be submitted: whose name it is, and what its input must look like.
public sealed interface OperationType permits RegisteredTask, RemoteTask {

    /// E.g. `csv_import`.
    String type();

    /// What it does, when to use it, what it returns: for people and for models that choose a tool.
    String description();

    /// JSON Schema 2020-12.
    JsonNode inputSchema();

    /// The pauses between attempts, unless the operation was submitted with others. Null: those of the settings.
    @Nullable RetryPolicy retryPolicy();

    /// @throws InvalidInput if `given` does not fit the schema
    void check(JsonNode given);

    /// What is stored of an input that was checked: secret fields are encrypted.
    ///
    /// @param idempotencyKey with the same one the same input becomes the same; null: none
    default JsonNode stored(JsonNode checked, @Nullable String idempotencyKey) {
        return checked;
    }
}
