package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.task.NotRetryable;
import java.util.List;
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
    JsonNode stored(JsonNode checked, @Nullable String idempotencyKey);

    /// An input as whoever runs it gets it, and what nobody else may see of it.
    record Opened(JsonNode input, Redactor secrets) {}

    /// @throws NotRetryable if a secret field cannot be decrypted
    Opened opened(JsonNode stored) throws NotRetryable;

    /// The secret fields: of each the names that lead to it.
    List<List<String>> secrets();
}
