package dev.longhaul.task;

import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A record that callers give as JSON: its schema, and the way from one to the other.
public final class InputType<T> {

    private final Class<T> type;
    private final JsonNode schema;
    private final Schema validator;
    private final JsonMapper json;

    InputType(Class<T> type, JsonNode schema, Schema validator, JsonMapper json) {
        this.type = type;
        this.schema = schema;
        this.validator = validator;
        this.json = json;
    }

    /// JSON Schema 2020-12, derived from the record.
    public JsonNode schema() {
        return schema;
    }

    /// @throws InvalidInput if `given` does not fit the schema or the record
    public T read(JsonNode given) {
        var problems = problems(validator, given);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        try {
            return json.treeToValue(given, type);
        } catch (JacksonException unfit) {
            throw new InvalidInput(List.of(unfit.getOriginalMessage()));
        }
    }

    static List<String> problems(Schema validator, JsonNode given) {
        var problems = new ArrayList<String>();
        for (var problem : validator.validate(given)) {
            var place = problem.getInstanceLocation().toString().replaceFirst("^[/$#.]+", "");
            var message = problem.getMessage().replaceFirst("^[^:]*: ", "").replaceFirst("\\[(\\w+), null] expected", "$1 expected");
            problems.add(place.isEmpty() ? message : place + ": " + message + found(given, problem.getInstanceLocation().toString()));
        }
        return problems;
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
