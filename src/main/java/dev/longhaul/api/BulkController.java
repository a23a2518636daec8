package dev.longhaul.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.bulk.Bulk;
import dev.longhaul.bulk.CountDiffers;
import dev.longhaul.bulk.Verb;
import dev.longhaul.operation.Caller;
import dev.longhaul.web.Body;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
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

/// All operations that a filter finds, changed alike. Each change is an operation itself, with progress, that a crash does not stop; a dry run says how many it would touch.
@RestController
class BulkController {

    private static final String DESCRIPTION = """
            The answer is an operation that does it, with progress, and that a crash does not stop. With `dry_run` the answer is 200 and how many it would be.""";

    private final Bulk bulk;
    private final OperationAnswer answer;

    BulkController(Bulk bulk, OperationAnswer answer) {
        this.bulk = bulk;
        this.answer = answer;
    }

    /// @param expectedCount how many the caller believes it is
    record Change(@JsonPropertyDescription("Which operations, e.g. status:failed type:report.* created>-24h") @Size(min = 1, max = 2_000) String filter,
                  @JsonPropertyDescription("True: nothing is changed, and the answer says how many it would be") @Nullable Boolean dryRun,
                  @JsonPropertyDescription("Refuse unless the filter finds exactly so many") @Min(0) @Nullable Long expectedCount,
                  @JsonPropertyDescription("At most so many, the newest first") @Min(1) @Nullable Long limit,
                  @JsonPropertyDescription("For the history of each") @Size(max = 500) @Nullable String reason) {}

    record Matched(long matched) {}

    @Endpoint(value = "Cancels all operations that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkCancel")
    ResponseEntity<?> bulkCancel(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.CANCEL, change, null, key, caller);
    }

    @Endpoint(value = "Runs all failed and cancelled operations again that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkRetry")
    ResponseEntity<?> bulkRetry(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.RETRY, change, null, key, caller);
    }

    @Endpoint(value = "Lets all operations rest that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkPause")
    ResponseEntity<?> bulkPause(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.PAUSE, change, null, key, caller);
    }

    @Endpoint(value = "Ends the rest of all operations that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkResume")
    ResponseEntity<?> bulkResume(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.RESUME, change, null, key, caller);
    }

    @Endpoint(value = "Does all finished operations over that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkRerun")
    ResponseEntity<?> bulkRerun(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.RERUN, change, null, key, caller);
    }

    /// A change of tags; the rest as of any change.
    record Tagging(@JsonPropertyDescription("Which operations, e.g. status:failed type:report.* created>-24h") @Size(min = 1, max = 2_000) String filter,
                   @JsonPropertyDescription("Tags that each gets") @Size(max = 20) @Nullable List<String> add,
                   @JsonPropertyDescription("Tags that each loses") @Size(max = 20) @Nullable List<String> remove,
                   @JsonPropertyDescription("True: nothing is changed, and the answer says how many it would be") @Nullable Boolean dryRun,
                   @JsonPropertyDescription("Refuse unless the filter finds exactly so many") @Min(0) @Nullable Long expectedCount,
                   @JsonPropertyDescription("At most so many, the newest first") @Min(1) @Nullable Long limit,
                   @JsonPropertyDescription("For the history of each") @Size(max = 500) @Nullable String reason) {}

    @Endpoint(value = "Adds tags to all operations that a filter finds, and takes others away", status = 202, also = 200, body = OperationAnswer.Full.class, description = DESCRIPTION
            + " An operation that would have more than 20 tags stays as it is.", problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT})
    @PostMapping("/api/v1/operations:bulkTag")
    ResponseEntity<?> bulkTag(@Body Tagging tagging, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        var tags = new Bulk.Tags(tagging.add == null ? List.of() : tagging.add, tagging.remove == null ? List.of() : tagging.remove);
        return start(Verb.TAG, new Change(tagging.filter, tagging.dryRun, tagging.expectedCount, tagging.limit, tagging.reason), tags, key, caller);
    }

    private ResponseEntity<?> start(Verb verb, Change change, Bulk.@Nullable Tags tags, @Nullable String key, Caller caller) {
        if (Boolean.TRUE.equals(change.dryRun)) {
            return ResponseEntity.ok(new Matched(bulk.count(verb, change.filter, change.limit)));
        }
        try {
            var submitted = bulk.start(new Bulk.Change(verb, change.filter, change.reason, change.limit, change.expectedCount, IdempotencyKey.parse(key), tags), caller);
            var operation = submitted.operation();
            var accepted = OperationAnswer.headed(HttpStatus.ACCEPTED, operation).location(URI.create("/api/v1/operations/" + operation.id()));
            return (submitted.replayed() ? accepted.header("Idempotency-Replayed", "true") : accepted).body(answer.full(operation));
        } catch (CountDiffers differs) {
            throw new Problem(ProblemKind.COUNT_DIFFERS, String.valueOf(differs.getMessage()));
        }
    }
}
