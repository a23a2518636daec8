package dev.longhaul.operation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A request of a task for the input of a person.
///
/// @param name     chosen by the task, unique within the operation
/// @param action   text for people, e.g. `Send to 1,204 customers?`
/// @param data     subject of the request, e.g. the text to review
/// @param options  permitted answers; null: any answer that matches the schema
/// @param schema   JSON Schema of the answer
/// @param risk     of an authorization; null: not stated
/// @param answerBy when the task continues with the fallback or without an answer; null: never
public record InputRequest(String name, Kind kind, String action, @Nullable JsonNode data,
        @Nullable List<String> options, JsonNode schema, @Nullable Risk risk, Instant askedAt,
        @Nullable Instant answerBy, @Nullable JsonNode fallback, @Nullable Answer answer) {

    /// The longest text for people, in characters.
    public static final int ACTION_LIMIT = 2_000;

    /// With the answer that holds when the time is over.
    public InputRequest withFallback(JsonNode fallback) {
        return new InputRequest(name, kind, action, data, options, schema, risk, askedAt, answerBy, fallback, answer);
    }

    public enum Kind implements LowerCaseEnum {
        AUTHORIZATION, INPUT, REVIEW, AUTHORIZATION_WITH_INPUT
    }

    public enum Risk implements LowerCaseEnum {
        LOW, MEDIUM, HIGH
    }

    /// @param by  principal
    /// @param via source of the answer, e.g. `rest`
    public record Answer(JsonNode value, Instant at, String by, String via) {}
}
