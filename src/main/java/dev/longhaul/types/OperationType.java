package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task type that can be submitted, of this node or of a remote worker.
public sealed interface OperationType permits RegisteredTask, RemoteTask {

    /// E.g. `csv_import`.
    String type();

    /// What the task does, when to use it, what it returns: for people and for models that choose a tool.
    String description();

    /// JSON Schema 2020-12.
    JsonNode inputSchema();

    /// Why no operation of this type can be submitted; null: it can.
    default @Nullable String defect() {
        return null;
    }

    /// @throws InvalidSchema if `schema` cannot be the schema of an input
    static void requireUsable(JsonNode schema) {
        Schemas.compiled(schema);
        if (!schema.path("type").asString("").equals("object")) {
            throw new InvalidSchema("/type", "must be \"object\", not "
                    + Text.quoted(schema.path("type").toString()));
        }
        SecretFields.requireSealable(schema);
    }

    /// The default retry policy of its operations; null: as in the settings.
    @Nullable RetryPolicy retryPolicy();

    /// @throws InvalidInput if `given` does not fit the schema
    void check(JsonNode given);

    /// A checked input as it is stored: secret fields are encrypted.
    ///
    /// @param idempotencyKey equal inputs under the same key become equal; null: none
    JsonNode encrypted(JsonNode checked, @Nullable String idempotencyKey);

    /// An input as the task gets it.
    ///
    /// @param secrets values that only the task may see
    record DecryptedInput(JsonNode input, Redactor secrets) {}

    /// @throws NotRetryable if a secret field cannot be decrypted
    DecryptedInput decrypted(JsonNode stored) throws NotRetryable;

    /// Whether the schema marks secrets.
    boolean hasSecrets();

    /// An input with other values in the places of its secrets.
    <E extends Exception> JsonNode replaceSecrets(JsonNode input, SecretReplacement<E> with) throws E;
}
