package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.bulk.BulkAction;
import dev.longhaul.bulk.BulkInput;
import dev.longhaul.bulk.BulkOperations;
import dev.longhaul.bulk.CountMismatch;
import dev.longhaul.operation.Caller;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Changes all operations that a filter finds. Each change is an operation itself, which survives a crash; a dry run
/// counts the operations that it would change.
@RestController
class BulkController {

    private static final String DESCRIPTION = """
            The response is the operation that makes the change, with progress; it continues after a crash.
            With `dry_run` the response is 200 with the number of operations that it would change.""";

    private final BulkOperations bulk;
    private final OperationResponse response;

    BulkController(BulkOperations bulk, OperationResponse response) {
        this.bulk = bulk;
        this.response = response;
    }

    /// @param expectedCount number of operations that the caller expects; null: any
    record BulkRequest(
            @JsonPropertyDescription("Selects the operations, e.g. status:failed type:report.* created>-24h")
            @Size(min = 1, max = 2_000) String filter,
            @JsonPropertyDescription("True: changes nothing and returns the number of matching operations")
            @Nullable Boolean dryRun,
            @JsonPropertyDescription("Refuse unless the filter finds exactly this number")
            @Min(0) @Nullable Long expectedCount,
            @JsonPropertyDescription("Maximum number of operations, the newest first") @Min(1) @Nullable Long limit,
            @JsonPropertyDescription("For the history of each operation") @Size(max = 500) @Nullable String reason,
            @JsonPropertyDescription("Tags to add; only with :bulkTag") @Size(max = 20) @Nullable List<String> add,
            @JsonPropertyDescription("Tags to remove; only with :bulkTag")
            @Size(max = 20) @Nullable List<String> remove) {}

    record MatchedOperations(long matched) {}

    /// What the endpoints of all bulk changes have in common.
    @Endpoint(value = "", status = 202, also = 200, body = OperationView.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_MISMATCH, ProblemKind.IDEMPOTENCY_CONFLICT})
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface BulkEndpoint {

        @AliasFor(annotation = Endpoint.class)
        String value();
    }

    @BulkEndpoint("Cancel all operations that a filter finds")
    @PostMapping("/api/v1/operations:bulkCancel")
    ResponseEntity<?> bulkCancelOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.CANCEL, request, key, caller);
    }

    @BulkEndpoint("Retry all failed or cancelled operations that a filter finds")
    @PostMapping("/api/v1/operations:bulkRetry")
    ResponseEntity<?> bulkRetryOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RETRY, request, key, caller);
    }

    @BulkEndpoint("Pause all operations that a filter finds")
    @PostMapping("/api/v1/operations:bulkPause")
    ResponseEntity<?> bulkPauseOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.PAUSE, request, key, caller);
    }

    @BulkEndpoint("Resume all paused operations that a filter finds")
    @PostMapping("/api/v1/operations:bulkResume")
    ResponseEntity<?> bulkResumeOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RESUME, request, key, caller);
    }

    @BulkEndpoint("Re-run all finished operations that a filter finds, as new operations")
    @PostMapping("/api/v1/operations:bulkRerun")
    ResponseEntity<?> bulkRerunOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.RERUN, request, key, caller);
    }

    @BulkEndpoint("Add and remove tags of all operations that a filter finds")
    @PostMapping("/api/v1/operations:bulkTag")
    ResponseEntity<?> bulkTagOperations(@JsonBody BulkRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(BulkAction.TAG, request, key, caller);
    }

    private ResponseEntity<?> start(BulkAction action, BulkRequest request, @Nullable String key, Caller caller) {
        if (Boolean.TRUE.equals(request.dryRun)) {
            return ResponseEntity.ok(new MatchedOperations(bulk.count(action, request.filter, request.limit)));
        }
        try {
            return response.accepted(bulk.start(action, new BulkInput(request.filter, request.reason, request.limit,
                    request.add, request.remove), request.expectedCount, IdempotencyKey.parse(key), caller));
        } catch (CountMismatch differs) {
            throw new Problem(ProblemKind.COUNT_MISMATCH, String.valueOf(differs.getMessage()));
        }
    }
}
