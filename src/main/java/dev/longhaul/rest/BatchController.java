package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationCounts;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.types.UnknownTaskType;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Many operations at once: submitted together, and counted.
@RestController
class BatchController {

    private static final int MOST_TOGETHER = 10_000;
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_TOLD = 100;
    private static final int MOST_SUGGESTED = 20;

    private final OperationStore store;
    private final OperationCounts operationCounts;
    private final TaskRegistry tasks;
    private final DatabaseClock clock;

    BatchController(OperationStore store, OperationCounts operationCounts, TaskRegistry tasks, DatabaseClock clock) {
        this.store = store;
        this.operationCounts = operationCounts;
        this.tasks = tasks;
        this.clock = clock;
    }

    record BatchRequest(@JsonPropertyDescription("1 to 10,000") @Size(min = 1,
            max = MOST_TOGETHER) List<SubmitRequest> operations) {}

    /// @param operationIds in the order of the request
    /// @param replayed     how many of them earlier requests with the same keys made
    @JsonNaming(SnakeCaseStrategy.class)
    record BatchResult(List<String> operationIds, int replayed) {}

    @Endpoint(value = "Submits up to 10,000 operations together", status = 202, problems = ProblemKind.IDEMPOTENCY_CONFLICT, description = """
            All or none: one commit before the answer. Every operation that does not fit is told by its place (the first 100). The body may have 16 MB.
            With an `Idempotency-Key` the batch may be sent again after any failure: the same operations in the same order make none, and the answer has the ids of those there are
            (`Idempotency-Replayed: true`). An `idempotency_key` in an operation does the same for it alone, in whatever batch it comes again; `replayed` says how many came again.""")
    @PostMapping("/api/v1/operations:batchCreate")
    ResponseEntity<BatchResult> batchCreate(@JsonBody(limit = MOST_BYTES) BatchRequest batch,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
                                     @RequestHeader(name = "traceparent",
                                             required = false) @Nullable String traceParent, Caller caller) {
        var batchKey = IdempotencyKey.parse(key);
        var checker = tasks.checker();
        var submissions = new ArrayList<Submission>();
        var misfits = new ArrayList<InvalidInput.Misfit>();
        for (var n = 0; n < batch.operations.size() && misfits.size() < MOST_TOLD; n++) {
            var place = "/operations/" + n;
            try {
                submissions.add(OperationsController.checked(batch.operations.get(n), checker, clock)
                        .withTraceParent(traceParent));
            } catch (InvalidInput unfit) {
                unfit.misfits().forEach(misfit -> misfits.add(misfit.within(place)));
            } catch (UnknownTaskType unknown) {
                misfits.add(new InvalidInput.Misfit(place + "/type", String.valueOf(unknown.getMessage())));
            } catch (IllegalArgumentException wrong) {
                misfits.add(new InvalidInput.Misfit(place, String.valueOf(wrong.getMessage())));
            }
        }
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
        var made = store.submitAll(submissions, batchKey, caller);
        var accepted = ResponseEntity.accepted();
        return (made.replayed() == submissions.size() ? accepted.header("Idempotency-Replayed", "true") : accepted)
                .body(new BatchResult(made.ids().stream().map(OperationId::toString).toList(), made.replayed()));
    }

    /// @param byStatus only statuses that there are
    @JsonNaming(SnakeCaseStrategy.class)
    record Counts(long total, Map<String, Long> byStatus) {}

    @Endpoint(value = "Counts operations by status", problems = ProblemKind.INVALID_FILTER, description = """
            Those that the filter finds. Of types, queues and statuses they are told from counters that are kept with every change; for any other term they are counted one by one.""")
    @GetMapping("/api/v1/operations:counts")
    Counts counts(@RequestParam(defaultValue = "") String filter) {
        var counts = new TreeMap<String, Long>();
        operationCounts.of(Filter.parse(filter, clock.now()))
                .forEach((status, number) -> counts.put(status.word(), number));
        return new Counts(counts.values().stream().mapToLong(Long::longValue).sum(), counts);
    }

    record Values(List<OperationCounts.Value> values) {}

    @Endpoint(value = "Suggests values for a filter", description = """
            Of the `field` type, queue or status: those that begin with `prefix` and how many operations have them, the most frequent first; 20 at most. From counters that are kept with every change.""")
    @GetMapping("/api/v1/operations:autocomplete")
    Values autocomplete(@RequestParam String field, @RequestParam(defaultValue = "") String prefix) {
        return new Values(operationCounts.values(field, prefix, MOST_SUGGESTED));
    }
}
