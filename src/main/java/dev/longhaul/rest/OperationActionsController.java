package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.InvalidMember;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Actions on one operation. Repeating an action changes nothing and is no error.
@RestController
class OperationActionsController {

    private final OperationStore store;
    private final InputRequests inputRequests;
    private final DatabaseClock clock;
    private final Preconditions preconditions;
    private final OperationResponse response;

    OperationActionsController(OperationStore store, InputRequests inputRequests, DatabaseClock clock,
            Preconditions preconditions, OperationResponse response) {
        this.store = store;
        this.inputRequests = inputRequests;
        this.clock = clock;
        this.preconditions = preconditions;
        this.response = response;
    }

    @Endpoint(value = "Cancel an operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH}, description = """
            A pending operation is cancelled at once. A running task is asked to stop: `cancel_requested_at` is set,
            and the task may still complete. A finished operation stays as it is.""")
    @PostMapping("/api/v1/operations/{id}:cancel")
    ResponseEntity<OperationView> cancelOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        return response.ok(change(id, ifMatch, operation -> store.cancel(operation, request.reason(), caller)));
    }

    @Endpoint(value = "Pause an operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT,
            ProblemKind.VERSION_MISMATCH}, description = """
            A pending operation does not start; a running one stops at its next checkpoint. 409 if it is finished.""")
    @PostMapping("/api/v1/operations/{id}:pause")
    ResponseEntity<OperationView> pauseOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        var paused = change(id, ifMatch, operation -> store.pause(operation, request.reason(), caller));
        if (paused.isOver()) {
            throw conflict(paused, "cannot be paused");
        }
        return response.ok(paused);
    }

    @Endpoint(value = "Resume a paused operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH})
    @PostMapping("/api/v1/operations/{id}:resume")
    ResponseEntity<OperationView> resumeOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        return response.ok(change(id, ifMatch, operation -> store.resume(operation, request.reason(), caller)));
    }

    @Endpoint(value = "Retry a failed or cancelled operation", problems = {ProblemKind.NO_SUCH_OPERATION,
            ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            It keeps its id, its history and its checkpoints, and gets its next attempt. An unfinished operation stays
            as it is. 409 if it is completed: see `:rerun`.""")
    @PostMapping("/api/v1/operations/{id}:retry")
    ResponseEntity<OperationView> retryOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        var retried = change(id, ifMatch, operation -> store.runAgain(operation, request.reason(), caller)
                .or(() -> store.find(operation)));
        if (retried.isOver()) {
            throw conflict(retried, "cannot be retried; :rerun runs it as a new operation");
        }
        return response.ok(retried);
    }

    @Endpoint(value = "Re-run an operation as a new operation", status = 202,
            problems = ProblemKind.NO_SUCH_OPERATION, description = """
            A new operation with the same type and input starts from the beginning; its `rerun_of` is this one.""")
    @PostMapping("/api/v1/operations/{id}:rerun")
    ResponseEntity<OperationView> rerunOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request, Caller caller) {
        return response.accepted(change(id, null, operation -> store.rerun(operation, request.reason(), caller)));
    }

    /// @param delay instead of `runAt`: from now, by the database's clock
    record RescheduleRequest(@JsonPropertyDescription("Earliest start") @Nullable Instant runAt,
            @JsonPropertyDescription("Earliest start, from now; instead of run_at") @Nullable Duration delay,
            @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {

        RescheduleRequest {
            if ((runAt == null) == (delay == null)) {
                throw new IllegalArgumentException("expected run_at or delay, and not both");
            }
            if (delay != null && (delay.isNegative() || delay.compareTo(SubmitRequest.LONGEST_DELAY) > 0)) {
                throw new InvalidMember("/delay", "delay must be between 0s and "
                        + TimeSpan.of(SubmitRequest.LONGEST_DELAY));
            }
        }
    }

    @Endpoint(value = "Reschedule a pending operation", problems = {ProblemKind.NO_SUCH_OPERATION,
            ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            Moves its start, or its next attempt. `delay` of `0s` starts it now.""")
    @PostMapping("/api/v1/operations/{id}:reschedule")
    ResponseEntity<OperationView> rescheduleOperation(@PathVariable String id, @JsonBody RescheduleRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        var runAt = request.delay == null ? Timestamps.storable(request.runAt) : clock.now().plus(request.delay);
        return response.ok(change(id, ifMatch, operation -> Optional.of(
                store.reschedule(operation, runAt, request.reason, caller).orElseThrow(() ->
                        conflict(find(operation), "cannot be rescheduled: only a pending one can")))));
    }

    @Endpoint(value = "Start a pending operation now", problems = {ProblemKind.NO_SUCH_OPERATION,
            ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            Also between two attempts: the same as `:reschedule` with a `delay` of `0s`.""")
    @PostMapping("/api/v1/operations/{id}:promote")
    ResponseEntity<OperationView> promoteOperation(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        return rescheduleOperation(id, new RescheduleRequest(null, Duration.ZERO, request.reason()), ifMatch, caller);
    }

    /// @param name of the input request; null: the only open one
    record AnswerRequest(@JsonPropertyDescription("Of the input request; optional while only one is open")
            @Size(min = 1, max = 200) @Nullable String name,
            @JsonPropertyDescription("Fits the schema of the input request") JsonNode answer) {}

    @Endpoint(value = "Answer an input request of an operation", problems = {ProblemKind.NO_SUCH_OPERATION,
            ProblemKind.NO_SUCH_INPUT_REQUEST, ProblemKind.STATE_CONFLICT}, description = """
            `input_required` of the operation lists the open input requests, with the schemas of their answers. The
            first answer that fits is final. 409 if it was answered, or if no input request is open.""")
    @PostMapping("/api/v1/operations/{id}:provideInput")
    ResponseEntity<OperationView> provideInput(@PathVariable String id, @JsonBody AnswerRequest request,
            Caller caller) {
        var operation = find(OperationId.parse(id));
        try {
            inputRequests.answer(operation.id(), request.name == null ? onlyOpen(operation) : request.name,
                    request.answer, caller);
        } catch (NoSuchElementException unknown) {
            throw new Problem(ProblemKind.NO_SUCH_INPUT_REQUEST, String.valueOf(unknown.getMessage()));
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/answer")).toList());
        }
        return response.ok(find(operation.id()));
    }

    private String onlyOpen(Operation operation) {
        var open = inputRequests.open(operation.id());
        if (open.isEmpty()) {
            throw conflict(operation, "has no open input request");
        }
        if (open.size() > 1) {
            throw new Problem(ProblemKind.NO_SUCH_INPUT_REQUEST, "expected name to be one of "
                    + open.stream().map(InputRequest::name).collect(Collectors.joining(", ")));
        }
        return open.getFirst().name();
    }

    private Operation change(String id, @Nullable String ifMatch,
            Function<OperationId, Optional<Operation>> change) {
        var operation = OperationId.parse(id);
        return preconditions.guarded(operation, ifMatch, () -> change.apply(operation)
                .orElseThrow(() -> new OperationNotFound(operation)));
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow(() -> new OperationNotFound(id));
    }

    private static Problem conflict(Operation operation, String what) {
        return new Problem(ProblemKind.STATE_CONFLICT, "operation " + operation.id() + " is "
                + operation.status().word() + " and " + what);
    }
}
