package dev.longhaul.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.bulk.Bulk;
import dev.longhaul.bulk.CountDiffers;
import dev.longhaul.bulk.Verb;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationCounts;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.task.Tasks;
import dev.longhaul.task.UnknownType;
import dev.longhaul.web.Body;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Many operations at once: submitted together, counted, cancelled or run again by a filter.
@RestController
class ManyController {

    private static final int MOST_TOGETHER = 10_000;
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_TOLD = 100;

    private final OperationStore store;
    private final OperationCounts operationCounts;
    private final Bulk bulk;
    private final Tasks tasks;
    private final DatabaseClock clock;
    private final OperationAnswer answer;

    ManyController(OperationStore store, OperationCounts operationCounts, Bulk bulk, Tasks tasks, DatabaseClock clock, OperationAnswer answer) {
        this.store = store;
        this.operationCounts = operationCounts;
        this.bulk = bulk;
        this.tasks = tasks;
        this.clock = clock;
        this.answer = answer;
    }

    record Batch(@JsonPropertyDescription("1 to 10,000") @Size(min = 1, max = MOST_TOGETHER) List<Submit> operations) {}

    /// @param operationIds in the order of the request
    @JsonNaming(SnakeCaseStrategy.class)
    record Made(List<String> operationIds) {}

    @Endpoint(value = "Submits up to 10,000 operations together", status = 202, description = """
            All or none: one commit before the answer. Every operation that does not fit is told by its place (the first 100). The body may have 16 MB.""")
    @PostMapping("/api/v1/operations:batchCreate")
    ResponseEntity<Made> batchCreate(@Body(limit = MOST_BYTES) Batch batch, @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent, Caller caller) {
        var checker = tasks.checker();
        var submissions = new ArrayList<Submission>();
        var misfits = new ArrayList<InvalidInput.Misfit>();
        for (var n = 0; n < batch.operations.size() && misfits.size() < MOST_TOLD; n++) {
            var place = "/operations/" + n;
            try {
                submissions.add(OperationsController.checked(batch.operations.get(n), checker, clock).withTraceParent(traceParent));
            } catch (InvalidInput unfit) {
                unfit.misfits().forEach(misfit -> misfits.add(misfit.within(place)));
            } catch (UnknownType unknown) {
                misfits.add(new InvalidInput.Misfit(place + "/type", String.valueOf(unknown.getMessage())));
            } catch (IllegalArgumentException wrong) {
                misfits.add(new InvalidInput.Misfit(place, String.valueOf(wrong.getMessage())));
            }
        }
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
        return ResponseEntity.accepted().body(new Made(store.submitAll(submissions, caller).stream().map(OperationId::toString).toList()));
    }

    /// @param byStatus only statuses that there are
    @JsonNaming(SnakeCaseStrategy.class)
    record Counts(long total, Map<String, Long> byStatus) {}

    @Endpoint(value = "Counts operations by status", problems = ProblemKind.INVALID_FILTER, description = """
            Those that the filter finds. Of types, queues and statuses they are told from counters that are kept with every change; for any other term they are counted one by one.""")
    @GetMapping("/api/v1/operations:counts")
    Counts counts(@RequestParam(defaultValue = "") String filter) {
        var counts = new TreeMap<String, Long>();
        operationCounts.of(Filter.parse(filter, clock.now())).forEach((status, number) -> counts.put(status.word(), number));
        return new Counts(counts.values().stream().mapToLong(Long::longValue).sum(), counts);
    }

    /// @param expectedCount how many the caller believes it is
    record Change(@JsonPropertyDescription("Which operations, e.g. status:failed type:report.* created>-24h") @Size(min = 1, max = 2_000) String filter,
                  @JsonPropertyDescription("True: nothing is changed, and the answer says how many it would be") @Nullable Boolean dryRun,
                  @JsonPropertyDescription("Refuse unless the filter finds exactly so many") @Min(0) @Nullable Long expectedCount,
                  @JsonPropertyDescription("At most so many, the newest first") @Min(1) @Nullable Long limit,
                  @JsonPropertyDescription("For the history of each") @Size(max = 500) @Nullable String reason) {}

    record Matched(long matched) {}

    @Endpoint(value = "Cancels all operations that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT}, description = """
            The answer is an operation that does it, with progress, and that a crash does not stop. With `dry_run` the answer is 200 and how many it would be.""")
    @PostMapping("/api/v1/operations:bulkCancel")
    ResponseEntity<?> bulkCancel(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.CANCEL, change, key, caller);
    }

    @Endpoint(value = "Runs all failed and cancelled operations again that a filter finds", status = 202, also = 200, body = OperationAnswer.Full.class,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.COUNT_DIFFERS, ProblemKind.IDEMPOTENCY_CONFLICT}, description = """
            The answer is an operation that does it, with progress, and that a crash does not stop. With `dry_run` the answer is 200 and how many it would be.""")
    @PostMapping("/api/v1/operations:bulkRetry")
    ResponseEntity<?> bulkRetry(@Body Change change, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key, Caller caller) {
        return start(Verb.RETRY, change, key, caller);
    }

    private ResponseEntity<?> start(Verb verb, Change change, @Nullable String key, Caller caller) {
        if (Boolean.TRUE.equals(change.dryRun)) {
            return ResponseEntity.ok(new Matched(bulk.count(verb, change.filter, change.limit)));
        }
        try {
            var submitted = bulk.start(new Bulk.Change(verb, change.filter, change.reason, change.limit, change.expectedCount, IdempotencyKey.parse(key)), caller);
            var operation = submitted.operation();
            var accepted = OperationAnswer.headed(HttpStatus.ACCEPTED, operation).location(URI.create("/api/v1/operations/" + operation.id()));
            return (submitted.replayed() ? accepted.header("Idempotency-Replayed", "true") : accepted).body(answer.full(operation));
        } catch (CountDiffers differs) {
            throw new Problem(ProblemKind.COUNT_DIFFERS, String.valueOf(differs.getMessage()));
        }
    }
}
