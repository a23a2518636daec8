package dev.longhaul.types;

import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.operation.Submission;
import dev.longhaul.task.AsTool;
import dev.longhaul.task.LonghaulTask;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task of this service, with its name and schemas. It reads the input from JSON and writes the output to JSON.
public final class RegisteredTask implements OperationType {

    private final String type;
    private final String description;
    private final Task<Object, ?> task;
    private final InputType<?> input;
    private final JsonNode outputSchema;
    private final @Nullable AsTool asTool;
    private final SecretFields secrets;
    private final JsonMapper json;

    RegisteredTask(String type, String description, Task<Object, ?> task, InputType<?> input, JsonNode outputSchema,
            @Nullable AsTool asTool, SecretFields secrets, JsonMapper json) {
        this.type = type;
        this.description = description;
        this.task = task;
        this.input = input;
        this.outputSchema = outputSchema;
        this.asTool = asTool;
        this.secrets = secrets;
        this.json = json;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public @Nullable RetryPolicy retryPolicy() {
        return task.retryPolicy();
    }

    /// JSON Schema 2020-12, derived from the input record.
    @Override
    public JsonNode inputSchema() {
        return input.schema();
    }

    /// JSON Schema 2020-12 of the output, derived from its type; any JSON where the type tells nothing.
    public JsonNode outputSchema() {
        return outputSchema;
    }

    /// The annotation of the task as a tool; null: none.
    public @Nullable AsTool asTool() {
        return asTool;
    }

    Optional<LonghaulTask> method() {
        return task instanceof MethodTask method ? Optional.of(method.annotation()) : Optional.empty();
    }

    /// The class or method that runs it, for messages.
    String source() {
        return task instanceof MethodTask method ? method.toString() : AopUtils.getTargetClass(task).getName();
    }

    /// The submission with the task's options, where it has none of its own.
    Submission withDefaults(Submission submission) {
        return task instanceof MethodTask method ? method.withDefaults(submission) : submission;
    }

    /// @throws InvalidInput if `given` does not fit the schema or the record
    @Override
    public void check(JsonNode given) {
        try {
            task.check(input.read(given, secrets.masked(given)));
        } catch (InvalidInput unfit) {
            throw secrets.redacted(unfit, given);
        }
    }

    @Override
    public JsonNode encrypted(JsonNode checked, @Nullable String idempotencyKey) {
        return task.stored(secrets.encrypted(checked, idempotencyKey), idempotencyKey);
    }

    @Override
    public boolean hasSecrets() {
        return !secrets.isEmpty();
    }

    @Override
    public <E extends Exception> JsonNode replaceSecrets(JsonNode input, SecretReplacement<E> with) throws E {
        return secrets.replaced(input, with);
    }

    @Override
    public DecryptedInput decrypted(JsonNode stored) throws NotRetryable {
        return secrets.decrypted(stored);
    }

    /// @param given as [#decrypted] returned it
    /// @return the output as JSON with snake_case names; null: none
    /// @throws InvalidInput if `given` does not fit the schema or the record
    public @Nullable JsonNode run(JsonNode given, TaskContext context) throws Exception {
        var output = task.run(input.read(given), context);
        return output == null ? null : json.valueToTree(output);
    }
}
