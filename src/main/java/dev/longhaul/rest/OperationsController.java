package dev.longhaul.rest;

import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Submits operations, and reads one.
@RestController
class OperationsController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final OperationStore store;
    private final TaskRegistry tasks;
    private final Subscribers subscribers;
    private final DatabaseClock clock;
    private final OperationResponse response;

    OperationsController(OperationStore store, TaskRegistry tasks, Subscribers subscribers, DatabaseClock clock,
            OperationResponse response) {
        this.store = store;
        this.tasks = tasks;
        this.subscribers = subscribers;
        this.clock = clock;
        this.response = response;
    }

    record Validation(boolean valid) {}

    @Endpoint(value = "Submit an operation", status = 202, also = 200, body = OperationView.class,
            problems = {ProblemKind.UNKNOWN_TYPE, ProblemKind.IDEMPOTENCY_CONFLICT}, description = """
            The operation is committed before the response. With an `Idempotency-Key` the request may be repeated
            after any failure: for 24 hours the same key with the same type, queue and input returns the existing
            operation with `Idempotency-Replayed: true`. With `validate_only=true` everything is validated, nothing is
            stored, and the response is 200.""")
    @PostMapping("/api/v1/operations")
    ResponseEntity<?> submitOperation(@JsonBody SubmitRequest request,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent, Caller caller) {
        var checked = checked(request, tasks::checked, clock).withTraceParent(traceParent);
        var submission = key == null ? checked : checked.withIdempotencyKey(IdempotencyKey.parse(key));
        return validateOnly ? ResponseEntity.ok(new Validation(true))
                : response.accepted(store.submit(submission, caller));
    }

    /// @throws InvalidInput with pointers into the whole body
    static Submission checked(SubmitRequest request, UnaryOperator<Submission> checker, DatabaseClock clock) {
        var submission = request.submission(clock);
        try {
            return checker.apply(submission);
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/input")).toList());
        }
    }

    @Endpoint(value = "Get an operation", also = 304, body = OperationView.class,
            problems = ProblemKind.NO_SUCH_OPERATION, description = """
            `ETag` is its version; with `If-None-Match` the response is 304 if nothing has changed. `Retry-After` is
            the suggested polling interval. With `wait=30s` the response comes when the operation ends or, with
            `If-None-Match`, as soon as it changes, and after that time at the latest. With
            `fields=status,progress,metadata.tenant` it has only these members.""")
    @GetMapping("/api/v1/operations/{id}")
    ResponseEntity<?> getOperation(@PathVariable String id, @RequestParam(required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String fields,
            @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch)
            throws InterruptedException {
        var mask = FieldMask.parse(fields, OperationView.class);
        var operation = find(id);
        if (wait != null) {
            operation = await(operation, ifNoneMatch, timeout(wait));
        }
        return ETags.isKnown(ifNoneMatch, operation)
                ? OperationResponse.headed(HttpStatus.NOT_MODIFIED, operation).build() : response.ok(operation, mask);
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }

    private static Duration timeout(String wait) {
        var timeout = TimeSpan.parse(wait);
        if (timeout.isNegative() || timeout.compareTo(LONGEST_WAIT) > 0) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "wait must be between 0s and " + TimeSpan.of(LONGEST_WAIT)
                    + ", not " + wait);
        }
        return timeout;
    }

    private Operation await(Operation found, @Nullable String ifNoneMatch, Duration timeout)
            throws InterruptedException {
        var isOver = found.isOver();
        var newest = found;
        var until = System.nanoTime() + timeout.toNanos();
        try (var subscriber = subscribers.subscribe(found.id(), found.version())) {
            while (!isOver && (ifNoneMatch == null || ETags.isKnown(ifNoneMatch, newest))
                    && System.nanoTime() < until) {
                var change = subscriber.next(Duration.ofNanos(until - System.nanoTime()));
                if (change.isEmpty()) {
                    break;
                }
                newest = change.get().operation();
                isOver = change.get().isLast();
            }
        }
        return newest == found ? found : find(found.id().toString());   // a change has not all members
    }
}
