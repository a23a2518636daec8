package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.worker.RunService.CommandView;
import dev.longhaul.worker.WaitService.WaitResult;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Updates of one run. Every request names the token of the run; if the run is over, the answer is 409 `run-lost`.
@RestController
class RunsController {

    private static final int MAX_BODY = 4 * 1024 * 1024;
    /// Texts for people are cut, so a long one is no reason to refuse a request.
    private static final int MAX_TEXTS = 16 * 1024 * 1024;

    private final RunService runs;
    private final Outcomes outcomes;
    private final WaitService waits;
    private final ChildService children;

    RunsController(RunService runs, Outcomes outcomes, WaitService waits, ChildService children) {
        this.runs = runs;
        this.outcomes = outcomes;
        this.waits = waits;
        this.children = children;
    }

    @Endpoint(value = "Report progress, finished steps and log lines of a run",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "The answer has the command for the run: `cancel`, `pause` (release it at the next step by "
            + "`run:release`) or null.")
    @PostMapping("/api/v1/operations/{id}/run:report")
    CommandView report(@PathVariable String id, @JsonBody(limit = MAX_BODY) RunUpdates.Report body, Caller caller)
            throws InterruptedException {
        return runs.report(runs.report(OperationId.parse(id), body), caller);
    }

    record StepBody(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The same in every attempt, unique within the operation")
            @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("Any JSON: the next attempt gets it with its claim") @Nullable JsonNode result) {}

    @Endpoint(value = "Store a finished step, a checkpoint",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Answered when it is committed. The first result under a name stays.")
    @PostMapping("/api/v1/operations/{id}/run:step")
    CommandView step(@PathVariable String id, @JsonBody(limit = MAX_BODY) StepBody body, Caller caller)
            throws InterruptedException {
        var step = new RunUpdates.FinishedStep(body.name(), body.result());
        return report(id, RunUpdates.Report.ofStep(body.runId(), step), caller);
    }

    record LogBody(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The lines, oldest first")
            @Size(min = 1, max = RunUpdates.MAX_ITEMS) List<RunUpdates.Line> lines) {}

    @Endpoint(value = "Add lines to the log of an operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST})
    @PostMapping("/api/v1/operations/{id}/run:log")
    CommandView log(@PathVariable String id, @JsonBody(limit = MAX_TEXTS) LogBody body, Caller caller)
            throws InterruptedException {
        return report(id, RunUpdates.Report.ofLog(body.runId(), body.lines()), caller);
    }

    @Endpoint(value = "Complete an operation", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "A repetition, sent because the first answer was lost, gets the same answer.")
    @PostMapping("/api/v1/operations/{id}/run:complete")
    ResponseEntity<Void> complete(@PathVariable String id, @JsonBody(limit = MAX_BODY) RunUpdates.Complete body,
            Caller caller) throws InterruptedException {
        runs.end(outcomes.completed(OperationId.parse(id), body), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Fail an attempt", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Another attempt follows as the retry policy says, unless all attempts are used up or "
            + "`retryable` is false.")
    @PostMapping("/api/v1/operations/{id}/run:fail")
    ResponseEntity<Void> fail(@PathVariable String id, @JsonBody(limit = MAX_TEXTS) RunUpdates.Fail body, Caller caller)
            throws InterruptedException {
        runs.end(outcomes.failed(OperationId.parse(id), body), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Release an operation unfinished", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "Another worker continues the same attempt. After a cancel request the operation is "
            + "cancelled by it; after a pause request it is paused.")
    @PostMapping("/api/v1/operations/{id}/run:release")
    ResponseEntity<Void> release(@PathVariable String id, @JsonBody(limit = MAX_TEXTS) RunUpdates.Release body,
            Caller caller) throws InterruptedException {
        runs.end(outcomes.released(OperationId.parse(id), body), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Sleep without holding a worker",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`waiting: true`: the run is over, and the operation can be claimed again afterwards. "
            + "`waiting: false`: the time is over, continue.")
    @PostMapping("/api/v1/operations/{id}/run:sleep")
    WaitResult sleep(@PathVariable String id, @JsonBody WaitService.Sleep body, Caller caller)
            throws InterruptedException {
        return waits.sleep(OperationId.parse(id), body, caller);
    }

    @Endpoint(value = "Request input from a person",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`answer`: continue with it. `waiting: true`: the run is over; after the answer the "
            + "operation can be claimed again, and the same request gets the answer. `unanswered: true`: no answer "
            + "came in time.")
    @PostMapping("/api/v1/operations/{id}/run:ask")
    WaitResult ask(@PathVariable String id, @JsonBody WaitService.Ask body, Caller caller)
            throws InterruptedException {
        return waits.ask(OperationId.parse(id), body, caller);
    }

    @Endpoint(value = "Wait for children without holding a worker",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`children`: all have ended, continue. `waiting: true`: the run is over, and the operation "
            + "can be claimed again when they have.")
    @PostMapping("/api/v1/operations/{id}/run:await")
    WaitResult await(@PathVariable String id, @JsonBody WaitService.Await body, Caller caller)
            throws InterruptedException {
        return waits.await(OperationId.parse(id), body, caller);
    }

    @Endpoint(value = "Submit children of an operation", status = 201,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.UNKNOWN_TYPE},
            description = "All or none, and once under this name. They stop with their parent.")
    @PostMapping("/api/v1/operations/{id}/run:submit")
    ResponseEntity<ChildService.Submitted> submit(@PathVariable String id,
            @JsonBody(limit = MAX_BODY) ChildService.Submit body) throws Exception {
        return ResponseEntity.status(201).body(children.submit(OperationId.parse(id), body));
    }
}
