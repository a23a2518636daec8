package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.ScheduledRun;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.ScheduleView;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Pauses, resumes and triggers a schedule, and reads its run log.
@RestController
class ScheduleActionsController {

    private final Schedules schedules;
    private final OperationResponse response;

    ScheduleActionsController(Schedules schedules, OperationResponse response) {
        this.schedules = schedules;
        this.response = response;
    }

    @Endpoint(value = "Pause a schedule", problems = ProblemKind.NO_SUCH_SCHEDULE, description = """
            Its due times pass without a run; the run log has the principal and the reason. Repeating it changes
            nothing.""")
    @PostMapping("/api/v1/schedules/{schedule}:pause")
    ScheduleView pauseSchedule(@PathVariable String schedule, @JsonBody(optional = true) ReasonRequest request,
            Caller caller) {
        return view(schedules.pause(schedule, request.reason(), caller));
    }

    @Endpoint(value = "Resume a schedule", problems = ProblemKind.NO_SUCH_SCHEDULE,
            description = "Runs that were due during the pause do not run.")
    @PostMapping("/api/v1/schedules/{schedule}:resume")
    ScheduleView resumeSchedule(@PathVariable String schedule, @JsonBody(optional = true) ReasonRequest request,
            Caller caller) {
        return view(schedules.resume(schedule, request.reason(), caller));
    }

    @Endpoint(value = "Trigger a schedule now", status = 202, problems = ProblemKind.NO_SUCH_SCHEDULE,
            description = "Submits its operation regardless of its due times, its pause and its overlap policy.")
    @PostMapping("/api/v1/schedules/{schedule}:trigger")
    ResponseEntity<OperationView> triggerSchedule(@PathVariable String schedule,
            @JsonBody(optional = true) ReasonRequest request, Caller caller) {
        return response.accepted(schedules.trigger(schedule, request.reason(), caller));
    }

    /// @param to exclusive
    record BackfillRequest(Instant from, Instant to,
            @JsonPropertyDescription("For the run log") @Size(max = 2_000) @Nullable String reason) {}

    record BackfillResult(int started) {}

    @Endpoint(value = "Backfill past runs of a schedule", status = 202, problems = ProblemKind.NO_SUCH_SCHEDULE,
            description = """
            Submits one operation for each due time from `from` to before `to`, at most 1,000. Runs that are in the
            run log already are skipped.""")
    @PostMapping("/api/v1/schedules/{schedule}:backfill")
    ResponseEntity<BackfillResult> backfillSchedule(@PathVariable String schedule,
            @JsonBody BackfillRequest request, Caller caller) {
        return ResponseEntity.accepted()
                .body(new BackfillResult(schedules.backfill(schedule, request.from, request.to, request.reason,
                        caller)));
    }

    /// @param dueAt   when it was due
    /// @param outcome `started`, `queued`, `skipped` or `missed`, with the reason
    /// @param cause   `time`, `hand` or `backfill`
    @JsonNaming(SnakeCaseStrategy.class)
    record ScheduledRunView(Instant dueAt, String outcome, @Nullable String reason, String cause,
            @Nullable UUID operationId,
            Instant decidedAt, String decidedBy) {

        static ScheduledRunView of(ScheduledRun run) {
            return new ScheduledRunView(run.at(), run.outcome(), run.reason(), run.cause(), run.operationId(),
                    run.decidedAt(), run.decidedBy());
        }
    }

    /// @param nextBefore `before` of the next page; null: this is the last page
    @JsonNaming(SnakeCaseStrategy.class)
    record ScheduledRunPage(List<ScheduledRunView> runs, @Nullable Instant nextBefore) {}

    @Endpoint(value = "List the runs of a schedule, newest first", problems = ProblemKind.NO_SUCH_SCHEDULE)
    @GetMapping("/api/v1/schedules/{schedule}/runs")
    ScheduledRunPage listScheduleRuns(@PathVariable String schedule,
            @RequestParam(required = false) @Nullable Instant before,
            @RequestParam(name = "page_size", defaultValue = "50") int pageSize) {
        if (pageSize < 1) {
            throw Problem.ofParameter("page_size", "page_size must be at least 1, not " + pageSize);
        }
        var size = Math.min(pageSize, Schedules.MAX_LISTED);
        var found = schedules.runs(schedule, before, size);
        return new ScheduledRunPage(found.stream().map(ScheduledRunView::of).toList(),
                found.size() < size ? null : found.getLast().at());
    }

    private ScheduleView view(Schedule schedule) {
        return ScheduleView.of(schedule, schedules.preview(schedule.spec().timing(), null, 10));
    }
}
