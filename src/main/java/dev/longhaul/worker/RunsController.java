package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.worker.RunService.Order;
import dev.longhaul.worker.WaitService.ClaimResult;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// What a worker says of one run. Every word names the run's token; one of a run that is over is answered 409
/// `run-lost`.
@RestController
class RunsController {

    static final int OUTPUT_LIMIT = 4 * 1024 * 1024;

    private final RunService runs;
    private final Outcomes ends;
    private final WaitService waiting;
    private final ChildrenController children;

    RunsController(RunService runs, Outcomes ends, WaitService waiting, ChildrenController children) {
        this.runs = runs;
        this.ends = ends;
        this.waiting = waiting;
        this.children = children;
    }

    @Endpoint(value = "Tells how far a run is, which steps it finished, and what it logs",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description =
            "The answer tells what somebody wants of it: `cancel`, `pause` (leave at the next step by `run:release`) "
            + "or nothing.")
    @PostMapping("/api/v1/operations/{id}/run:report")
    Order report(@PathVariable String id, @JsonBody(limit = OUTPUT_LIMIT) RunUpdates.Report said, Caller caller)
            throws InterruptedException {
        return runs.report(OperationId.parse(id), said, caller);
    }

    /// A step and its name.
    record StepSaid(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The same in every attempt, unique within the operation") @Size(min = 1,
                    max = 200) String name,
            @JsonPropertyDescription("Any JSON: the next attempt gets it with its claim") @Nullable JsonNode result) {}

    @Endpoint(value = "Keeps a finished step, a checkpoint",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Answered when it is committed. Under a name that is taken the first result stays.")
    @PostMapping("/api/v1/operations/{id}/run:step")
    Order step(@PathVariable String id, @JsonBody(limit = OUTPUT_LIMIT) StepSaid said, Caller caller)
            throws InterruptedException {
        return runs.report(OperationId.parse(id), new RunUpdates.Report(said.runId(), null, null, null, null,
                List.of(new RunUpdates.Finished(said.name(), said.result())), null), caller);
    }

    /// Lines and their run.
    record LogSaid(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The lines, oldest first") @Size(min = 1,
                    max = RunUpdates.MOST_STEPS) List<RunUpdates.Line> lines) {}

    @Endpoint(value = "Adds lines to the log of an operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST})
    @PostMapping("/api/v1/operations/{id}/run:log")
    Order log(@PathVariable String id, @JsonBody LogSaid said, Caller caller) throws InterruptedException {
        return runs.report(OperationId.parse(id), new RunUpdates.Report(said.runId(), null, null, null, null, null,
                said.lines()), caller);
    }

    @Endpoint(value = "Completes an operation", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Sent a second time, since the first answer was lost, it is answered alike.")
    @PostMapping("/api/v1/operations/{id}/run:complete")
    ResponseEntity<Void> complete(@PathVariable String id, @JsonBody(limit = OUTPUT_LIMIT) RunUpdates.Complete said,
            Caller caller) throws InterruptedException {
        runs.end(ends.completed(OperationId.parse(id), said, RunUpdates.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Tells that an attempt failed", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description =
            "Another attempt follows as the retry policy says, unless the attempts are used up or `retryable` is false.")
    @PostMapping("/api/v1/operations/{id}/run:fail")
    ResponseEntity<Void> fail(@PathVariable String id, @JsonBody RunUpdates.Fail said, Caller caller)
            throws InterruptedException {
        runs.end(ends.failed(OperationId.parse(id), said, RunUpdates.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Gives an operation back unfinished", status = 204,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description =
            "It goes on elsewhere with the same attempt. If a cancel was asked for it is cancelled thereby; if a "
            + "pause, it rests.")
    @PostMapping("/api/v1/operations/{id}/run:release")
    ResponseEntity<Void> release(@PathVariable String id, @JsonBody RunUpdates.Release said, Caller caller)
            throws InterruptedException {
        runs.end(ends.released(OperationId.parse(id), said, RunUpdates.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Sleeps without a worker", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST,
            ProblemKind.STATE_CONFLICT},
            description =
            "`waiting: true`: the run is over, and the operation can be claimed again afterwards. `waiting: false`: "
            + "the time is over, go on.")
    @PostMapping("/api/v1/operations/{id}/run:sleep")
    ClaimResult sleep(@PathVariable String id, @JsonBody WaitService.Sleep said, Caller caller)
            throws InterruptedException {
        return waiting.sleep(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Asks a person", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST,
            ProblemKind.STATE_CONFLICT},
            description =
            "`answer`: it is there, go on. `waiting: true`: the run is over; when somebody answers, the operation "
            + "can be claimed again, "
                    + "and the same question gets its answer. `unanswered: true`: nobody did in time.")
    @PostMapping("/api/v1/operations/{id}/run:ask")
    ClaimResult ask(@PathVariable String id, @JsonBody WaitService.Ask said, Caller caller)
            throws InterruptedException {
        return waiting.ask(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Waits for children without a worker",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description =
            "`children`: all are over, go on. `waiting: true`: the run is over, and the operation can be claimed "
            + "again when they are.")
    @PostMapping("/api/v1/operations/{id}/run:await")
    ClaimResult await(@PathVariable String id, @JsonBody WaitService.Await said, Caller caller)
            throws InterruptedException {
        return waiting.await(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Starts operations that belong to this one", status = 201,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.UNKNOWN_TYPE},
            description = "All or none, once under this name, however often it is asked for. They stop with it.")
    @PostMapping("/api/v1/operations/{id}/run:submit")
    ResponseEntity<ChildrenController.Started> submit(@PathVariable String id,
            @JsonBody(limit = OUTPUT_LIMIT) ChildrenController.Submit said) throws Exception {
        return ResponseEntity.status(201).body(children.submit(OperationId.parse(id), said));
    }
}
