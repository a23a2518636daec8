package dev.longhaul.rest;

import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Estimate;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.OperationStore.Submitted;
import dev.longhaul.web.OperationView;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Responses with an operation: its view with input and open input requests, `ETag`, and `Retry-After` until it ends.
@Component
class OperationResponse {

    private final InputRequests inputRequests;
    private final JsonMapper json;

    OperationResponse(InputRequests inputRequests, JsonMapper json) {
        this.inputRequests = inputRequests;
        this.json = json;
    }

    ResponseEntity<OperationView> ok(Operation operation) {
        return headed(HttpStatus.OK, operation).body(view(operation));
    }

    /// @param fields null: all
    ResponseEntity<?> ok(Operation operation, @Nullable FieldMask fields) {
        return fields == null ? ok(operation) : headed(HttpStatus.OK, operation)
                .body(fields.of(json.valueToTree(view(operation))));
    }

    /// 202 with `Location`.
    ResponseEntity<OperationView> accepted(Operation operation) {
        return accepted(new Submitted(operation, false, false));
    }

    /// 202 with `Location`, and `Idempotency-Replayed` if an earlier request submitted it.
    ResponseEntity<OperationView> accepted(Submitted submitted) {
        return accepted(submitted, "/api/v1/operations/").body(view(submitted.operation()));
    }

    static ResponseEntity.BodyBuilder accepted(Submitted submitted, String collection) {
        var operation = submitted.operation();
        var response = headed(HttpStatus.ACCEPTED, operation).location(URI.create(collection + operation.id()))
                .header("Operation-Location", "/api/v1/operations/" + operation.id());
        return submitted.replayed() ? response.header("Idempotency-Replayed", "true") : response;
    }

    OperationView view(Operation operation) {
        var waitsForAnswer = operation.status() == Status.WAITING && operation.waitsFor() == WaitReason.ANSWER;
        return OperationView.of(operation,
                waitsForAnswer ? inputRequests.open(operation.id()) : List.<InputRequest>of());
    }

    static ResponseEntity.BodyBuilder headed(HttpStatus status, Operation operation) {
        var response = ResponseEntity.status(status).header("ETag", ETags.tag(operation))
                .header("Cache-Control", "no-cache");
        return operation.isOver() ? response : response.header("Retry-After", String.valueOf(retryAfter(operation)));
    }

    /// Seconds: a quarter of the estimated remaining time, 1 to 30.
    private static long retryAfter(Operation operation) {
        return Math.clamp(Math.round(Estimate.remaining(operation).orElse(4) / 4), 1, 30);
    }
}
