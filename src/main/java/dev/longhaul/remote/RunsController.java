package dev.longhaul.remote;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.remote.Runs.Order;
import dev.longhaul.remote.Waiting.Come;
import dev.longhaul.web.Body;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.ProblemKind;
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

/// What a worker says of one run. Every word names the run's token; one of a run that is over is answered 409 `run-lost`.
@RestController
class RunsController {

    static final int OUTPUT_LIMIT = 4 * 1024 * 1024;

    private final Runs runs;
    private final Ends ends;
    private final Waiting waiting;
    private final Children children;

    RunsController(Runs runs, Ends ends, Waiting waiting, Children children) {
        this.runs = runs;
        this.ends = ends;
        this.waiting = waiting;
        this.children = children;
    }

    @Endpoint(value = "Tells how far a run is, which steps it finished, and what it logs", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "The answer tells what somebody wants of it: `cancel`, `pause` (leave at the next step by `run:release`) or nothing.")
    @PostMapping("/api/v1/operations/{id}/run:report")
    Order report(@PathVariable String id, @Body(limit = OUTPUT_LIMIT) Said.Report said, Caller caller) throws InterruptedException {
        return runs.report(OperationId.parse(id), said, caller);
    }

    /// A step and its name.
    record StepSaid(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The same in every attempt, unique within the operation") @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("Any JSON: the next attempt gets it with its claim") @Nullable JsonNode result) {}

    @Endpoint(value = "Keeps a finished step, a checkpoint", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Answered when it is committed. Under a name that is taken the first result stays.")
    @PostMapping("/api/v1/operations/{id}/run:step")
    Order step(@PathVariable String id, @Body(limit = OUTPUT_LIMIT) StepSaid said, Caller caller) throws InterruptedException {
        return runs.report(OperationId.parse(id), new Said.Report(said.runId(), null, null, null, null, List.of(new Said.Finished(said.name(), said.result())), null), caller);
    }

    /// Lines and their run.
    record LogSaid(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("The lines, oldest first") @Size(min = 1, max = Said.MOST_STEPS) List<Said.Line> lines) {}

    @Endpoint(value = "Adds lines to the log of an operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST})
    @PostMapping("/api/v1/operations/{id}/run:log")
    Order log(@PathVariable String id, @Body LogSaid said, Caller caller) throws InterruptedException {
        return runs.report(OperationId.parse(id), new Said.Report(said.runId(), null, null, null, null, null, said.lines()), caller);
    }

    @Endpoint(value = "Completes an operation", status = 204, problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Sent a second time, since the first answer was lost, it is answered alike.")
    @PostMapping("/api/v1/operations/{id}/run:complete")
    ResponseEntity<Void> complete(@PathVariable String id, @Body(limit = OUTPUT_LIMIT) Said.Complete said, Caller caller) throws InterruptedException {
        runs.end(ends.completed(OperationId.parse(id), said, Said.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Tells that an attempt failed", status = 204, problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST},
            description = "Another attempt follows as the retry policy says, unless the attempts are used up or `retryable` is false.")
    @PostMapping("/api/v1/operations/{id}/run:fail")
    ResponseEntity<Void> fail(@PathVariable String id, @Body Said.Fail said, Caller caller) throws InterruptedException {
        runs.end(ends.failed(OperationId.parse(id), said, Said.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Gives an operation back unfinished", status = 204, problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "It goes on elsewhere with the same attempt. If a cancel was asked for it is cancelled thereby; if a pause, it rests.")
    @PostMapping("/api/v1/operations/{id}/run:release")
    ResponseEntity<Void> release(@PathVariable String id, @Body Said.Release said, Caller caller) throws InterruptedException {
        runs.end(ends.released(OperationId.parse(id), said, Said.lines(said.log(), Instant.now())), caller);
        return ResponseEntity.noContent().build();
    }

    @Endpoint(value = "Sleeps without a worker", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`waiting: true`: the run is over, and the operation can be claimed again afterwards. `waiting: false`: the time is over, go on.")
    @PostMapping("/api/v1/operations/{id}/run:sleep")
    Come sleep(@PathVariable String id, @Body Waiting.Sleep said, Caller caller) throws InterruptedException {
        return waiting.sleep(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Asks a person", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`answer`: it is there, go on. `waiting: true`: the run is over; when somebody answers, the operation can be claimed again, "
                    + "and the same question gets its answer. `unanswered: true`: nobody did in time.")
    @PostMapping("/api/v1/operations/{id}/run:ask")
    Come ask(@PathVariable String id, @Body Waiting.Ask said, Caller caller) throws InterruptedException {
        return waiting.ask(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Waits for children without a worker", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.STATE_CONFLICT},
            description = "`children`: all are over, go on. `waiting: true`: the run is over, and the operation can be claimed again when they are.")
    @PostMapping("/api/v1/operations/{id}/run:await")
    Come await(@PathVariable String id, @Body Waiting.Await said, Caller caller) throws InterruptedException {
        return waiting.await(OperationId.parse(id), said, caller);
    }

    @Endpoint(value = "Starts operations that belong to this one", status = 201, problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.RUN_LOST, ProblemKind.UNKNOWN_TYPE},
            description = "All or none, once under this name, however often it is asked for. They stop with it.")
    @PostMapping("/api/v1/operations/{id}/run:submit")
    ResponseEntity<Children.Started> submit(@PathVariable String id, @Body(limit = OUTPUT_LIMIT) Children.Submit said) throws Exception {
        return ResponseEntity.status(201).body(children.submit(OperationId.parse(id), said));
    }
}
