package dev.longhaul.task;

import dev.longhaul.operation.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task with its name, and the way from JSON to its input and from its output to JSON.
public final class RegisteredTask implements OperationType {

    private final String type;
    private final String description;
    private final Task<Object, ?> task;
    private final InputType<?> input;
    private final JsonMapper json;

    RegisteredTask(String type, String description, Task<Object, ?> task, InputType<?> input, JsonMapper json) {
        this.type = type;
        this.description = description;
        this.task = task;
        this.input = input;
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

    /// @throws InvalidInput if `given` does not fit the schema or the record
    @Override
    public void check(JsonNode given) {
        input.read(given);
    }

    /// @return the output as JSON with snake_case names; null: none
    /// @throws InvalidInput if `given` does not fit the schema or the record
    public @Nullable JsonNode run(JsonNode given, TaskContext context) throws Exception {
        var output = task.run(input.read(given), context);
        return output == null ? null : json.valueToTree(output);
    }
}
