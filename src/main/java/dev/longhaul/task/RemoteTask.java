package dev.longhaul.task;

import com.networknt.schema.Schema;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type that workers outside run.
public final class RemoteTask implements OperationType {

    private final RemoteType registered;
    private final Schema validator;

    RemoteTask(RemoteType registered, Schema validator) {
        this.registered = registered;
        this.validator = validator;
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
        var problems = InputType.problems(validator, given);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
    }
}
