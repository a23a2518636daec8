package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.bulk.BulkAction;
import dev.longhaul.bulk.BulkOperations;
import dev.longhaul.bulk.CountMismatch;
import dev.longhaul.operation.Caller;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// All operations that a filter finds, changed alike. Each change is an operation itself, with progress, that a crash
/// does not stop; a dry run says how many it would touch.
@RestController
class BulkController {

    private static final String DESCRIPTION = """
            The answer is an operation that does it, with progress, and that a crash does not stop. With `dry_run` the answer is 200 and how many it would be.""";

    private final BulkOperations bulk;
    private final OperationResponse answer;

    BulkController(BulkOperations bulk, OperationResponse answer) {
        this.bulk = bulk;
        this.answer = answer;
    }

    /// @param expectedCount how many the caller believes it is
    record BulkRequest(
            @JsonPropertyDescription("Which operations, e.g. status:failed type:report.* created>-24h") @Size(min = 1,
            max = 2_000) String filter,
                  @JsonPropertyDescription(
                  "True: nothing is changed, and the answer says how many it would be") @Nullable Boolean dryRun,
                  @JsonPropertyDescription("Refuse unless the filter finds exactly so many") @Min(
                  0) @Nullable Long expectedCount,
                  @JsonPropertyDescription("At most so many, the newest first") @Min(1) @Nullable Long limit,
                  @JsonPropertyDescription("For the history of each") @Size(max = 500) @Nullable String reason) {}

    record MatchedOperations(long matched) {}

    @Endpoint(value = "Cancels all operations that a filter finds", status = 202, also = 200,
            body = OperationResponse.OperationResource.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkCancel")
    ResponseEntity<?> bulkCancel(@JsonBody BulkRequest change,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.CANCEL, change, null, key, caller);
    }

    @Endpoint(value = "Runs all failed and cancelled operations again that a filter finds", status = 202, also = 200,
            body = OperationResponse.OperationResource.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkRetry")
    ResponseEntity<?> bulkRetry(@JsonBody BulkRequest change,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RETRY, change, null, key, caller);
    }

    @Endpoint(value = "Lets all operations rest that a filter finds", status = 202, also = 200,
            body = OperationResponse.OperationResource.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkPause")
    ResponseEntity<?> bulkPause(@JsonBody BulkRequest change,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.PAUSE, change, null, key, caller);
    }

    @Endpoint(value = "Ends the rest of all operations that a filter finds", status = 202, also = 200,
            body = OperationResponse.OperationResource.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkResume")
    ResponseEntity<?> bulkResume(@JsonBody BulkRequest change,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RESUME, change, null, key, caller);
    }

    @Endpoint(value = "Does all finished operations over that a filter finds", status = 202, also = 200,
            body = OperationResponse.OperationResource.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkRerun")
    ResponseEntity<?> bulkRerun(@JsonBody BulkRequest change,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RERUN, change, null, key, caller);
    }

    /// A change of tags; the rest as of any change.
    record BulkTagRequest(
            @JsonPropertyDescription("Which operations, e.g. status:failed type:report.* created>-24h") @Size(min = 1,
            max = 2_000) String filter,
                   @JsonPropertyDescription("Tags that each gets") @Size(max = 20) @Nullable List<String> add,
                   @JsonPropertyDescription("Tags that each loses") @Size(max = 20) @Nullable List<String> remove,
                   @JsonPropertyDescription(
                           "True: nothing is changed, and the answer says how many it would be") @Nullable Boolean dryRun,
                   @JsonPropertyDescription("Refuse unless the filter finds exactly so many") @Min(
                   0) @Nullable Long expectedCount,
                   @JsonPropertyDescription("At most so many, the newest first") @Min(1) @Nullable Long limit,
                   @JsonPropertyDescription("For the history of each") @Size(max = 500) @Nullable String reason) {}

    @Endpoint(value = "Adds tags to all operations that a filter finds, and takes others away", status = 202,
            also = 200, body = OperationResponse.OperationResource.class, description = DESCRIPTION
            + " An operation that would have more than 20 tags stays as it is.",
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkTag")
    ResponseEntity<?> bulkTag(@JsonBody BulkTagRequest tagging,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        var tags = new BulkOperations.Tags(tagging.add == null ? List.of() : tagging.add, tagging.remove == null
                ? List.of() : tagging.remove);
        return start(BulkAction.TAG, new BulkRequest(tagging.filter, tagging.dryRun, tagging.expectedCount,
                tagging.limit, tagging.reason), tags, key, caller);
    }

    private ResponseEntity<?> start(BulkAction verb, BulkRequest change, BulkOperations.@Nullable Tags tags,
            @Nullable String key, Caller caller) {
        if (Boolean.TRUE.equals(change.dryRun)) {
            return ResponseEntity.ok(new MatchedOperations(bulk.count(verb, change.filter, change.limit)));
        }
        try {
            var submitted = bulk.start(new BulkOperations.Change(verb, change.filter, change.reason, change.limit,
                    change.expectedCount, IdempotencyKey.parse(key), tags), caller);
            var operation = submitted.operation();
            var accepted = OperationResponse.headed(HttpStatus.ACCEPTED, operation)
                    .location(URI.create("/api/v1/operations/" + operation.id()));
            return (submitted.replayed() ? accepted.header("Idempotency-Replayed", "true") : accepted)
                    .body(answer.full(operation));
        } catch (CountMismatch differs) {
            throw new Problem(ProblemKind.COUNT_DIFFERS, String.valueOf(differs.getMessage()));
        }
    }
}
