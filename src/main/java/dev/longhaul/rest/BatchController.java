package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InvalidMember;
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

/// Submits many operations in one request, counts operations, and suggests filter values.
@RestController
class BatchController {

    private static final int LARGEST_BATCH = 10_000;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;
    private static final int MOST_MISFITS = 100;
    private static final int MOST_SUGGESTIONS = 20;

    private final OperationStore store;
    private final OperationCounts counts;
    private final TaskRegistry tasks;
    private final DatabaseClock clock;

    BatchController(OperationStore store, OperationCounts counts, TaskRegistry tasks, DatabaseClock clock) {
        this.store = store;
        this.counts = counts;
        this.tasks = tasks;
        this.clock = clock;
    }

    record BatchRequest(
            @JsonPropertyDescription("1 to 10,000") @Size(min = 1, max = LARGEST_BATCH)
            List<SubmitRequest> operations) {}

    /// @param operationIds in the order of the request
    /// @param replayed     number of them that earlier requests with the same keys submitted
    @JsonNaming(SnakeCaseStrategy.class)
    record BatchResult(List<String> operationIds, int replayed) {}

    @Endpoint(value = "Submit up to 10,000 operations", status = 202, problems = ProblemKind.IDEMPOTENCY_CONFLICT,
            description = """
            All or none: one commit before the response. `errors` has a pointer to each operation that does not fit
            (the first 100). The body may have 16 MB. With an `Idempotency-Key` the batch may be repeated after any
            failure: the same operations in the same order return the existing ids with `Idempotency-Replayed: true`.
            An `idempotency_key` in an operation does the same for that operation, in any batch; `replayed` counts
            them.""")
    @PostMapping("/api/v1/operations:batchCreate")
    ResponseEntity<BatchResult> batchSubmitOperations(@JsonBody(limit = LARGEST_BODY) BatchRequest batch,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent, Caller caller) {
        var batchKey = IdempotencyKey.parse(key);
        var checker = tasks.checker();
        var submissions = new ArrayList<Submission>();
        var misfits = new ArrayList<InvalidInput.Misfit>();
        for (var n = 0; n < batch.operations.size() && misfits.size() < MOST_MISFITS; n++) {
            var pointer = "/operations/" + n;
            try {
                submissions.add(OperationsController.checked(batch.operations.get(n), checker, clock)
                        .withTraceParent(traceParent));
            } catch (InvalidInput unfit) {
                unfit.misfits().forEach(misfit -> misfits.add(misfit.within(pointer)));
            } catch (UnknownTaskType unknown) {
                misfits.add(new InvalidInput.Misfit(pointer + "/type", String.valueOf(unknown.getMessage())));
            } catch (InvalidMember wrong) {
                misfits.add(new InvalidInput.Misfit(pointer + wrong.pointer(), String.valueOf(wrong.getMessage())));
            } catch (IllegalArgumentException wrong) {
                misfits.add(new InvalidInput.Misfit(pointer, String.valueOf(wrong.getMessage())));
            }
        }
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
        var submitted = store.submitAll(submissions, batchKey, caller);
        var accepted = ResponseEntity.accepted();
        return (submitted.replayed() == submissions.size() ? accepted.header("Idempotency-Replayed", "true") : accepted)
                .body(new BatchResult(submitted.ids().stream().map(OperationId::toString).toList(),
                        submitted.replayed()));
    }

    /// @param byStatus without statuses that no operation has
    @JsonNaming(SnakeCaseStrategy.class)
    record OperationCountsView(long total, Map<String, Long> byStatus) {}

    @Endpoint(value = "Count operations by status", problems = ProblemKind.INVALID_FILTER, description = """
            The operations that the filter finds. Filters by type, queue and status read counters that every change
            updates; any other filter counts rows.""")
    @GetMapping("/api/v1/operations:counts")
    OperationCountsView countOperations(@RequestParam(defaultValue = "") String filter) {
        var byStatus = new TreeMap<String, Long>();
        counts.of(Filter.parse(filter, clock.now()))
                .forEach((status, number) -> byStatus.put(status.word(), number));
        return new OperationCountsView(byStatus.values().stream().mapToLong(Long::longValue).sum(), byStatus);
    }

    record FilterValues(List<OperationCounts.FilterValue> values) {}

    @Endpoint(value = "Suggest values for a filter", description = """
            Values of the `field` type, queue or status that begin with `prefix`, with the number of operations that
            have them, the most frequent first; at most 20.""")
    @GetMapping("/api/v1/operations:autocomplete")
    FilterValues suggestFilterValues(@RequestParam String field, @RequestParam(defaultValue = "") String prefix) {
        return new FilterValues(counts.values(field, prefix, MOST_SUGGESTIONS));
    }
}
