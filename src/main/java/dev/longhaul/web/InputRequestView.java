package dev.longhaul.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.operation.InputRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// An open input request of an operation.
///
/// @param kind    `authorization`, `input`, `review` or `authorization_with_input`
/// @param options the answers to choose from; null: any that fits the schema
/// @param schema  JSON Schema of the answer
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InputRequestView(String name, String kind, String action, @Nullable JsonNode data,
        @Nullable List<String> options, JsonNode schema, @Nullable String risk, Instant askedAt,
        @Nullable Instant answerBy) {

    static InputRequestView of(InputRequest request) {
        return new InputRequestView(request.name(), request.kind().word(), request.action(), request.data(),
                request.options(), request.schema(), request.risk() == null ? null : request.risk().word(),
                request.askedAt(), request.answerBy());
    }
}
