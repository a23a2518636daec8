package dev.longhaul.types;

import com.networknt.schema.Schema;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import dev.longhaul.task.NotRetryable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task type that remote workers run.
public final class RemoteTask implements OperationType {

    private final RemoteType registered;
    private final Schema validator;
    private final SecretFields secrets;

    RemoteTask(RemoteType registered, Schema validator, SecretCipher cipher) {
        this.registered = registered;
        this.validator = validator;
        this.secrets = SecretFields.of(registered.type(), registered.inputSchema(), cipher);
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
        return registered.inputSchema();
    }

    @Override
    public @Nullable RetryPolicy retryPolicy() {
        return registered.retryPolicy();
    }

    @Override
    public void check(JsonNode given) {
        var misfits = InputType.misfits(validator, given);
        if (!misfits.isEmpty()) {
            throw secrets.redacted(new InvalidInput(misfits), given);
        }
    }

    @Override
    public JsonNode encrypted(JsonNode checked, @Nullable String idempotencyKey) {
        return secrets.isEmpty() ? checked : secrets.encrypted(checked, idempotencyKey);
    }

    @Override
    public DecryptedInput decrypted(JsonNode stored) throws NotRetryable {
        return secrets.decrypted(stored);
    }

    @Override
    public List<List<String>> secrets() {
        return secrets.paths();
    }
}
