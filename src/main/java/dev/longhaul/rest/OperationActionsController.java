package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
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
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// What can be done to an operation. Each may be repeated: what is so already stays so, and is no error.
@RestController
class OperationActionsController {

    private final OperationStore store;
    private final InputRequests answers;
    private final DatabaseClock clock;
    private final Preconditions guard;
    private final OperationResponse answer;

    OperationActionsController(OperationStore store, InputRequests answers, DatabaseClock clock, Preconditions guard,
            OperationResponse answer) {
        this.store = store;
        this.answers = answers;
        this.clock = clock;
        this.guard = guard;
        this.answer = answer;
    }

    record ReasonBody(@JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {}

    @Endpoint(value = "Cancels an operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH}, description = """
            What has not started is cancelled at once. A running task is asked to stop and answers in its own time: `cancel_requested_at` is set, and it may still complete.
            One that is over stays as it is.""")
    @PostMapping("/api/v1/operations/{id}:cancel")
    ResponseEntity<OperationResponse.OperationResource> cancel(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why,
                                                @RequestHeader(name = "If-Match",
                                                        required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        return answer.ok(guard.guarded(operationId, ifMatch, () -> store.cancel(operationId, why.reason, caller)
                .orElseThrow(() -> new OperationNotFound(operationId))));
    }

    @Endpoint(value = "Lets an operation rest", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            It is not started, and a running one stops at its next checkpoint. 409 if it is over.""")
    @PostMapping("/api/v1/operations/{id}:pause")
    ResponseEntity<OperationResponse.OperationResource> pause(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why,
                                               @RequestHeader(name = "If-Match",
                                                       required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        var operation = guard.guarded(operationId, ifMatch, () -> store.pause(operationId, why.reason, caller)
                .orElseThrow(() -> new OperationNotFound(operationId)));
        if (operation.isOver()) {
            throw conflict(operation, "cannot be paused");
        }
        return answer.ok(operation);
    }

    @Endpoint(value = "Ends the rest of an operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH})
    @PostMapping("/api/v1/operations/{id}:resume")
    ResponseEntity<OperationResponse.OperationResource> resume(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why,
                                                @RequestHeader(name = "If-Match",
                                                        required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        return answer.ok(guard.guarded(operationId, ifMatch, () -> store.resume(operationId, why.reason, caller)
                .orElseThrow(() -> new OperationNotFound(operationId))));
    }

    @Endpoint(value = "Runs a failed or cancelled operation again", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            It keeps its id, its history and its checkpoints, and gets its next attempt. One that is not over stays as it is; 409 if it is completed: see `:rerun`.""")
    @PostMapping("/api/v1/operations/{id}:retry")
    ResponseEntity<OperationResponse.OperationResource> retry(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why,
                                               @RequestHeader(name = "If-Match",
                                                       required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        var operation = guard.guarded(operationId, ifMatch, () -> store.runAgain(operationId, why.reason, caller)
                .orElseGet(() -> find(operationId)));
        if (operation.isOver()) {
            throw conflict(operation, "cannot be run again; :rerun does it over as a new operation");
        }
        return answer.ok(operation);
    }

    @Endpoint(value = "Does an operation over", status = 202, problems = ProblemKind.NO_SUCH_OPERATION, description = """
            A new operation with the same type and input begins from nothing; its `rerun_of` is this one.""")
    @PostMapping("/api/v1/operations/{id}:rerun")
    ResponseEntity<OperationResponse.OperationResource> rerun(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why, Caller caller) {
        var operationId = OperationId.parse(id);
        var made = store.rerun(operationId, why.reason, caller).orElseThrow(() -> new OperationNotFound(operationId));
        return OperationResponse.headed(HttpStatus.ACCEPTED, made)
                .location(URI.create("/api/v1/operations/" + made.id())).body(answer.full(made));
    }

    /// @param delay instead of `runAt`: so long from now, by the database's clock
    record RescheduleBody(@JsonPropertyDescription("Not before this moment") @Nullable Instant runAt,
                @JsonPropertyDescription("Not before so long from now; instead of run_at") @Nullable Duration delay,
                @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {

        RescheduleBody {
            if ((runAt == null) == (delay == null)) {
                throw new IllegalArgumentException("expected run_at or delay, and not both");
            }
            if (delay != null && (delay.isNegative() || delay.compareTo(SubmitRequest.LONGEST_DELAY) > 0)) {
                throw new IllegalArgumentException("delay must be between 0s and "
                        + TimeSpan.of(SubmitRequest.LONGEST_DELAY));
            }
        }
    }

    @Endpoint(value = "Moves the start of a pending operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            Or its next attempt. `delay` of `0s` lets it begin now.""")
    @PostMapping("/api/v1/operations/{id}:reschedule")
    ResponseEntity<OperationResponse.OperationResource> reschedule(@PathVariable String id,
            @JsonBody RescheduleBody when,
                                                    @RequestHeader(name = "If-Match",
                                                            required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        var moment = when.delay == null ? Timestamps.storable(when.runAt) : clock.now().plus(when.delay);
        return answer
                .ok(guard.guarded(operationId, ifMatch, () -> store.reschedule(operationId, moment, when.reason, caller)
                .orElseThrow(() -> conflict(find(operationId), "cannot be moved: only a pending one can"))));
    }

    @Endpoint(value = "Lets a pending operation begin now", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT, ProblemKind.VERSION_MISMATCH}, description = """
            Whatever moment it was to wait for, also between two attempts: as `:reschedule` with a `delay` of `0s`.""")
    @PostMapping("/api/v1/operations/{id}:promote")
    ResponseEntity<OperationResponse.OperationResource> promote(@PathVariable String id,
            @JsonBody(optional = true) ReasonBody why,
                                                 @RequestHeader(name = "If-Match",
                                                         required = false) @Nullable String ifMatch, Caller caller) {
        return reschedule(id, new RescheduleBody(null, Duration.ZERO, why.reason), ifMatch, caller);
    }

    /// @param name of the question; null: the only one that is open
    record InputBody(@JsonPropertyDescription("Of the question; may be left out while one is open") @Size(min = 1,
            max = 200) @Nullable String name,
                 @JsonPropertyDescription("What fits the question's schema") JsonNode answer) {}

    @Endpoint(value = "Answers a question of an operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.NO_SUCH_QUESTION, ProblemKind.STATE_CONFLICT}, description = """
            `input_required` of the operation has the open questions, with the schema of their answers. The first answer that fits stands; 409 if it was answered, or nothing is asked.""")
    @PostMapping("/api/v1/operations/{id}:provideInput")
    ResponseEntity<OperationResponse.OperationResource> provideInput(@PathVariable String id, @JsonBody InputBody input,
            Caller caller) {
        var operationId = OperationId.parse(id);
        var operation = find(operationId);
        try {
            answers.give(operationId, input.name == null ? onlyOpen(operation) : input.name, input.answer, caller);
        } catch (NoSuchElementException unknown) {
            throw new Problem(ProblemKind.NO_SUCH_QUESTION, String.valueOf(unknown.getMessage()));
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/answer")).toList());
        }
        return answer.ok(find(operationId));
    }

    private String onlyOpen(Operation operation) {
        var open = answers.open(operation.id());
        if (open.isEmpty()) {
            throw conflict(operation, "asks nothing");
        }
        if (open.size() > 1) {
            throw new Problem(ProblemKind.NO_SUCH_QUESTION, "expected name to be one of "
                    + open.stream().map(InputRequest::name).collect(Collectors.joining(", ")));
        }
        return open.getFirst().name();
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow(() -> new OperationNotFound(id));
    }

    private static Problem conflict(Operation operation, String what) {
        return new Problem(ProblemKind.STATE_CONFLICT, "operation " + operation.id() + " is "
                + operation.status().word() + " and " + what);
    }
}
