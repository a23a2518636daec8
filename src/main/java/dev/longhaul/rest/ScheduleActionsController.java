package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.ScheduledRun;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What is done to a schedule, and what it did.
@RestController
class ScheduleActionsController {

    private final Schedules schedules;
    private final OperationResponse answer;

    ScheduleActionsController(Schedules schedules, OperationResponse answer) {
        this.schedules = schedules;
        this.answer = answer;
    }

    @Endpoint(value = "Pauses a schedule", problems = ProblemKind.NO_SUCH_SCHEDULE, description = """
            Its moments pass, and the log says that it was paused, by whom and why. Repeating it changes nothing.""")
    @PostMapping("/api/v1/schedules/{schedule}:pause")
    ScheduleView pause(@PathVariable String schedule,
            @JsonBody(optional = true) OperationActionsController.ReasonBody why, Caller caller) {
        return view(schedules.pause(schedule, why.reason(), caller));
    }

    @Endpoint(value = "Ends a pause", problems = ProblemKind.NO_SUCH_SCHEDULE,
            description = "Moments that passed meanwhile are not made up for.")
    @PostMapping("/api/v1/schedules/{schedule}:resume")
    ScheduleView resume(@PathVariable String schedule,
            @JsonBody(optional = true) OperationActionsController.ReasonBody why, Caller caller) {
        return view(schedules.resume(schedule, why.reason(), caller));
    }

    @Endpoint(value = "Starts a schedule's operation now", status = 202, problems = ProblemKind.NO_SUCH_SCHEDULE, description = """
            Whatever its clock, its pause and its earlier operations say.""")
    @PostMapping("/api/v1/schedules/{schedule}:trigger")
    ResponseEntity<OperationResponse.OperationResource> trigger(@PathVariable String schedule,
            @JsonBody(optional = true) OperationActionsController.ReasonBody why, Caller caller) {
        var operation = schedules.trigger(schedule, why.reason(), caller);
        return OperationResponse.headed(HttpStatus.ACCEPTED, operation)
                .location(URI.create("/api/v1/operations/" + operation.id())).body(answer.full(operation));
    }

    /// @param to not itself
    record Past(Instant from, Instant to,
            @JsonPropertyDescription("For the log") @Size(max = 2_000) @Nullable String reason) {}

    record Started(int started) {}

    @Endpoint(value = "Starts a schedule's operation for moments of the past", status = 202, problems = ProblemKind.NO_SUCH_SCHEDULE, description = """
            Once for each of its moments from `from` to before `to`, 1,000 at most; those in the log already are left as they are.""")
    @PostMapping("/api/v1/schedules/{schedule}:backfill")
    ResponseEntity<Started> backfill(@PathVariable String schedule, @JsonBody Past past, Caller caller) {
        return ResponseEntity.accepted()
                .body(new Started(schedules.backfill(schedule, past.from, past.to, past.reason, caller)));
    }

    /// @param outcome `started`, `queued`, `skipped` or `missed`, with the reason
    /// @param cause   `time`, `hand` or `backfill`
    @JsonNaming(SnakeCaseStrategy.class)
    record FireView(Instant fireAt, String outcome, @Nullable String reason, String cause, @Nullable UUID operationId,
            Instant decidedAt, String decidedBy) {

        static FireView of(ScheduledRun fire) {
            return new FireView(fire.at(), fire.outcome(), fire.reason(), fire.cause(), fire.operationId(),
                    fire.decidedAt(), fire.decidedBy());
        }
    }

    /// @param nextBefore null: there are no more
    @JsonNaming(SnakeCaseStrategy.class)
    record Log(List<FireView> fires, @Nullable Instant nextBefore) {}

    @Endpoint(value = "Tells what came of a schedule's moments, newest first", problems = ProblemKind.NO_SUCH_SCHEDULE)
    @GetMapping("/api/v1/schedules/{schedule}/fires")
    Log fires(@PathVariable String schedule, @RequestParam(required = false) @Nullable Instant before,
            @RequestParam(name = "page_size", defaultValue = "50") int pageSize) {
        if (pageSize < 1) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "page_size must be at least 1, not " + pageSize);
        }
        var size = Math.min(pageSize, Schedules.MAX_LISTED);
        var found = schedules.runs(schedule, before, size);
        return new Log(found.stream().map(FireView::of).toList(), found.size() < size ? null : found.getLast().at());
    }

    private ScheduleView view(Schedule schedule) {
        return ScheduleView.of(schedule, schedules.preview(schedule.spec().timing(), null, 10));
    }
}
