package dev.longhaul.task;

import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task with its name, its schemas, and the way from JSON to its input record.
public final class RegisteredTask {

    private final String type;
    private final String description;
    private final Task<Object, ?> task;
    private final JavaType input;
    private final JsonNode inputSchema;
    private final Schema validator;
    private final JsonMapper json;

    RegisteredTask(String type, String description, Task<Object, ?> task, JavaType input, JsonNode inputSchema, Schema validator, JsonMapper json) {
        this.type = type;
        this.description = description;
        this.task = task;
        this.input = input;
        this.inputSchema = inputSchema;
        this.validator = validator;
        this.json = json;
    }

    public String type() {
        return type;
    }

    public String description() {
        return description;
    }

    /// JSON Schema 2020-12, derived from the input record.
    public JsonNode inputSchema() {
        return inputSchema;
    }

    /// @throws InvalidInput if `given` does not fit the schema or the record
    public void check(JsonNode given) {
        read(given);
    }

    /// @return the output as JSON with snake_case names; null: none
    /// @throws InvalidInput if `given` does not fit the schema or the record
    public @Nullable JsonNode run(JsonNode given, TaskContext context) throws Exception {
        var output = task.run(read(given), context);
        return output == null ? null : json.valueToTree(output);
    }

    private Object read(JsonNode given) {
        var problems = new ArrayList<String>();
        for (var problem : validator.validate(given)) {
            var place = problem.getInstanceLocation().toString().replaceFirst("^[/$#.]+", "");
            var message = problem.getMessage().replaceFirst("^[^:]*: ", "");
            problems.add(place.isEmpty() ? message : place + ": " + message + found(given, problem.getInstanceLocation().toString()));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        try {
            return json.treeToValue(given, input);
        } catch (JacksonException unfit) {
            throw new InvalidInput(List.of(unfit.getOriginalMessage()));
        }
    }

    private static String found(JsonNode given, String pointer) {
        var node = given.at(pointer.startsWith("/") ? pointer : "/" + pointer);
        if (node.isMissingNode()) {
            return "";
        }
        var text = node.toString();
        return ", not " + (text.length() > 60 ? text.substring(0, 59) + "…" : text);
    }
}
