package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Estimate;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.query.OperationView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/// An operation as an answer: its view, its input, what it asks of people, and the headers that go with it.
@Component
class OperationResponse {

    /// @param inputRequired the open questions of one that waits for an answer
    @JsonNaming(SnakeCaseStrategy.class)
    record OperationResource(@JsonUnwrapped OperationView operation, JsonNode input,
            List<OpenInputRequest> inputRequired) {}

    /// @param options the answers to choose from; null: any that fits the schema
    /// @param schema  JSON Schema of the answer
    @JsonNaming(SnakeCaseStrategy.class)
    record OpenInputRequest(String name, String kind, String action, @Nullable JsonNode data,
            @Nullable List<String> options, JsonNode schema, @Nullable String risk,
                 Instant askedAt, @Nullable Instant answerBy) {

        static OpenInputRequest of(InputRequest question) {
            return new OpenInputRequest(question.name(), question.kind().word(), question.action(), question.data(),
                    question.options(), question.schema(),
                    question.risk() == null ? null : question.risk().word(), question.askedAt(), question.answerBy());
        }
    }

    private final InputRequests answers;
    private final JsonMapper json;

    OperationResponse(InputRequests answers, JsonMapper json) {
        this.answers = answers;
        this.json = json;
    }

    /// With `ETag`, and `Retry-After` while it is not over.
    ResponseEntity<OperationResource> ok(Operation operation) {
        return headed(HttpStatus.OK, operation).body(full(operation));
    }

    /// @param fields null: all of it
    ResponseEntity<?> ok(Operation operation, @Nullable FieldMask fields) {
        return fields == null ? ok(operation) : headed(HttpStatus.OK, operation)
                .body(fields.of(json.valueToTree(full(operation))));
    }

    OperationResource full(Operation operation) {
        var asked = operation.status() == Status.WAITING && operation.waitsFor() == WaitReason.ANSWER
                ? answers.open(operation.id()) : List.<InputRequest>of();
        return new OperationResource(OperationView.of(operation), operation.input(),
                asked.stream().map(OpenInputRequest::of).toList());
    }

    static ResponseEntity.BodyBuilder headed(HttpStatus status, Operation operation) {
        var answer = ResponseEntity.status(status).header("ETag", ETags.tag(operation))
                .header("Cache-Control", "no-cache");
        return operation.isOver() ? answer : answer.header("Retry-After", String.valueOf(patience(operation)));
    }

    /// Seconds after which it is worth asking again: a quarter of what is left, but 1 to 30.
    private static long patience(Operation operation) {
        return Math.clamp(Math.round(Estimate.remaining(operation).orElse(4) / 4), 1, 30);
    }
}
