package dev.longhaul.operation;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A question of an operation's task to a person.
///
/// @param name     the task's name for it, unique within the operation for ever
/// @param action   what is asked, for people, e.g. `Send to 1,204 customers?`
/// @param data     what it is about, e.g. the text to be reviewed
/// @param options  the answers to choose from; null: any that fits the schema
/// @param schema   JSON Schema of the answer
/// @param risk     of an authorization
/// @param answerBy then the task goes on without an answer, or with the fallback
public record InputRequest(String name, Kind kind, String action, @Nullable JsonNode data,
        @Nullable List<String> options, JsonNode schema,
                       @Nullable Risk risk, Instant askedAt, @Nullable Instant answerBy, @Nullable JsonNode fallback,
                               @Nullable Answer answer) {

    public enum Kind {
        AUTHORIZATION, INPUT, REVIEW, AUTHORIZATION_WITH_INPUT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Risk {
        LOW, MEDIUM, HIGH;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param by  who, and `via` through which door
    public record Answer(JsonNode value, Instant at, String by, String via) {}
}
