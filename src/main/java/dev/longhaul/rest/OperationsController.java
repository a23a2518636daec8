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
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.net.URI;
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

/// Submits operations, and tells how one is.
@RestController
class OperationsController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final OperationStore store;
    private final TaskRegistry tasks;
    private final Subscribers watchers;
    private final DatabaseClock clock;
    private final OperationResponse answer;

    OperationsController(OperationStore store, TaskRegistry tasks, Subscribers watchers, DatabaseClock clock,
            OperationResponse answer) {
        this.store = store;
        this.tasks = tasks;
        this.watchers = watchers;
        this.clock = clock;
        this.answer = answer;
    }

    record Valid(boolean valid) {}

    @Endpoint(value = "Submits an operation", status = 202, also = 200, problems = {ProblemKind.UNKNOWN_TYPE,
            ProblemKind.IDEMPOTENCY_CONFLICT}, body = OperationResponse.OperationResource.class,
            description = """
                    It is committed before the answer. With an `Idempotency-Key` the request may be sent again after any failure: within 24 hours the same key with the
                    same type, queue and input answers with the operation that is there already, and says `Idempotency-Replayed: true`.
                    With `validate_only=true` all is checked, nothing is stored, and the answer is 200.""")
    @PostMapping("/api/v1/operations")
    ResponseEntity<?> submit(@JsonBody SubmitRequest body,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
                             @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
                             @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent,
                                     Caller caller) {
        var checked = checked(body, tasks::checked, clock).withTraceParent(traceParent);
        var submission = key == null ? checked : checked.withIdempotencyKey(IdempotencyKey.parse(key));
        if (validateOnly) {
            return ResponseEntity.ok(new Valid(true));
        }
        var submitted = store.submit(submission, caller);
        var operation = submitted.operation();
        var location = "/api/v1/operations/" + operation.id();
        var accepted = OperationResponse.headed(HttpStatus.ACCEPTED, operation).location(URI.create(location))
                .header("Operation-Location", location);
        return (submitted.replayed() ? accepted.header("Idempotency-Replayed", "true") : accepted)
                .body(answer.full(operation));
    }

    /// @throws InvalidInput with places in the body as a whole
    static Submission checked(SubmitRequest body, UnaryOperator<Submission> checker, DatabaseClock clock) {
        var submission = body.submission(clock);
        try {
            return checker.apply(submission);
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/input")).toList());
        }
    }

    @Endpoint(value = "Tells how an operation is", also = 304, body = OperationResponse.OperationResource.class, problems = ProblemKind.NO_SUCH_OPERATION, description = """
            `ETag` is its version; with `If-None-Match` the answer is 304 if nothing has changed. `Retry-After` says when it is worth asking again.
            With `wait=30s` the answer comes when the operation is over or, with `If-None-Match`, as soon as it has changed, and after that time at the latest.
            With `fields=status,progress,metadata.tenant` it has these members only.""")
    @GetMapping("/api/v1/operations/{id}")
    ResponseEntity<?> get(@PathVariable String id, @RequestParam(required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String fields,
                          @RequestHeader(name = "If-None-Match", required = false) @Nullable String known)
                                  throws InterruptedException {
        var wanted = FieldMask.parse(fields, OperationResponse.OperationResource.class);
        var operation = find(id);
        if (wait != null) {
            operation = await(operation, known, patience(wait));
        }
        return ETags.isKnown(known, operation) ? OperationResponse.headed(HttpStatus.NOT_MODIFIED, operation)
                .build() : answer.ok(operation, wanted);
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }

    private static Duration patience(String wait) {
        var patience = TimeSpan.parse(wait);
        if (patience.isNegative() || patience.compareTo(LONGEST_WAIT) > 0) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "wait must be between 0s and " + TimeSpan.of(LONGEST_WAIT)
                    + ", not " + wait);
        }
        return patience;
    }

    private Operation await(Operation found, @Nullable String known, Duration patience) throws InterruptedException {
        var newest = found;
        var until = System.nanoTime() + patience.toNanos();
        try (var watcher = watchers.subscribe(found.id(), found.version())) {
            while (!newest.isOver() && (known == null || ETags.isKnown(known, newest)) && System.nanoTime() < until) {
                var change = watcher.next(Duration.ofNanos(until - System.nanoTime()));
                if (change.isEmpty()) {
                    break;
                }
                newest = change.get().operation();
            }
        }
        return newest;
    }
}
