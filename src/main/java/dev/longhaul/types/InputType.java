package dev.longhaul.types;

import com.networknt.schema.Schema;
import dev.longhaul.types.InvalidInput.Misfit;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/// The type of an input: its JSON Schema, and how JSON becomes the value.
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
        return read(given, given);
    }

    /// @param shown the same for error messages, without secrets
    T read(JsonNode given, JsonNode shown) {
        var misfits = Schemas.misfits(validator, given, shown);
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
        try {
            return json.treeToValue(given, type);
        } catch (DatabindException unfit) {
            throw new InvalidInput(List.of(misfit(unfit, shown)));
        }
    }

    /// The record may refuse more than the schema can.
    private static Misfit misfit(DatabindException unfit, JsonNode given) {
        var pointer = unfit.getPath().stream().map(step -> "/" + (step.getPropertyName() == null
                ? step.getIndex() : step.getPropertyName())).collect(Collectors.joining());
        if (unfit.getCause() instanceof IllegalArgumentException refused) {
            return new Misfit(pointer, String.valueOf(refused.getMessage()));
        }
        if (unfit instanceof InvalidFormatException format && format.getTargetType() == Instant.class) {
            return new Misfit(pointer, "must be a moment such as 2026-01-08T10:00:00Z" + Schemas.found(given, pointer));
        }
        return new Misfit(pointer, unfit instanceof MismatchedInputException mismatch
                && mismatch.getTargetType() != null
                ? "must be readable as " + mismatch.getTargetType().getSimpleName()
                + Schemas.found(given, pointer) : "cannot be read" + Schemas.found(given, pointer));
    }
}
