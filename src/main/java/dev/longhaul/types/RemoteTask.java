package dev.longhaul.types;

import com.networknt.schema.Schema;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import dev.longhaul.task.NotRetryable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A task type that remote workers run.
public final class RemoteTask implements OperationType {

    private final RemoteType registered;
    private final @Nullable Schema validator;
    private final SecretFields secrets;
    private final @Nullable String defect;

    RemoteTask(RemoteType registered, SecretCipher cipher) {
        this.registered = registered;
        Schema validator = null;
        String defect = null;
        try {
            OperationType.requireUsable(registered.inputSchema());
            validator = Schemas.compiled(registered.inputSchema());
        } catch (InvalidSchema unusable) {
            defect = "the input_schema of " + registered.type() + " cannot be used: " + unusable.getMessage();
        }
        this.validator = validator;
        this.defect = defect;
        this.secrets = SecretFields.of(registered.type(), defect == null ? registered.inputSchema()
                : JsonNodeFactory.instance.objectNode(), cipher);
    }

    @Override
    public @Nullable String defect() {
        return defect;
    }

    @Override
    public String type() {
        return registered.type();
    }

    @Override
    public String description() {
        return registered.description();
    }

    @Override
    public JsonNode inputSchema() {
        return registered.inputSchema().isMissingNode() ? JsonNodeFactory.instance.objectNode()
                : registered.inputSchema();
    }

    @Override
    public @Nullable RetryPolicy retryPolicy() {
        return registered.retryPolicy();
    }

    @Override
    public void check(JsonNode given) {
        if (validator == null) {
            throw new InvalidInput(String.valueOf(defect));
        }
        var misfits = Schemas.misfits(validator, given, secrets.masked(given));
        if (!misfits.isEmpty()) {
            throw secrets.redacted(new InvalidInput(misfits), given);
        }
    }

    @Override
    public JsonNode encrypted(JsonNode checked, @Nullable String idempotencyKey) {
        return secrets.encrypted(checked, idempotencyKey);
    }

    @Override
    public DecryptedInput decrypted(JsonNode stored) throws NotRetryable {
        if (defect != null && SecretCipher.hasEncrypted(stored)) {
            throw new NotRetryable(defect);
        }
        return secrets.decrypted(stored);
    }

    @Override
    public boolean hasSecrets() {
        return !secrets.isEmpty();
    }

    @Override
    public <E extends Exception> JsonNode replaceSecrets(JsonNode input, SecretReplacement<E> with) throws E {
        return secrets.replaced(input, with);
    }
}
