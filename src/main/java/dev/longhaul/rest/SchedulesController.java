package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.ScheduleView;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Creates, reads, updates and deletes schedules. A path names a schedule by its id or its name.
@RestController
class SchedulesController {

    private static final int PREVIEWED = 10;

    private final Schedules schedules;
    private final DatabaseClock clock;

    SchedulesController(Schedules schedules, DatabaseClock clock) {
        this.schedules = schedules;
        this.clock = clock;
    }

    @Endpoint(value = "Create a schedule", status = 201, problems = {ProblemKind.UNKNOWN_TYPE, ProblemKind.NAME_TAKEN},
            description = """
            Exactly one of `cron`, `every` and `at`. A schedule that is never due, or whose operation can never run,
            is refused.""")
    @PostMapping("/api/v1/schedules")
    ResponseEntity<ScheduleView> createSchedule(@JsonBody ScheduleRequest body, Caller caller) {
        var schedule = checked(() -> schedules.create(body.spec(clock), body.reason(), caller));
        return ResponseEntity.created(URI.create("/api/v1/schedules/" + schedule.id())).body(view(schedule));
    }

    /// @param nextPageToken null: this is the last page
    @JsonNaming(SnakeCaseStrategy.class)
    record SchedulePage(List<ScheduleView> schedules, @Nullable String nextPageToken) {}

    @Endpoint(value = "List schedules by name",
            description = "`page_token` is the `next_page_token` of the previous page.")
    @GetMapping("/api/v1/schedules")
    SchedulePage listSchedules(@RequestParam(name = "page_size", defaultValue = "50") int pageSize,
            @RequestParam(name = "page_token", defaultValue = "") String pageToken) {
        if (pageSize < 1) {
            throw Problem.ofParameter("page_size", "page_size must be at least 1, not " + pageSize);
        }
        var size = Math.min(pageSize, Schedules.MAX_LISTED);
        var found = schedules.list(pageToken, size);
        return new SchedulePage(found.stream().map(this::view).toList(), found.size() < size
                ? null : found.getLast().spec().name());
    }

    @Endpoint(value = "Get a schedule and its next ten due times", problems = ProblemKind.NO_SUCH_SCHEDULE)
    @GetMapping("/api/v1/schedules/{schedule}")
    ScheduleView getSchedule(@PathVariable String schedule) {
        return view(schedules.find(schedule));
    }

    @Endpoint(value = "Replace a schedule",
            problems = {ProblemKind.NO_SUCH_SCHEDULE, ProblemKind.UNKNOWN_TYPE, ProblemKind.NAME_TAKEN})
    @PutMapping("/api/v1/schedules/{schedule}")
    ScheduleView replaceSchedule(@PathVariable String schedule, @JsonBody ScheduleRequest body, Caller caller) {
        return view(checked(() -> schedules.change(schedule, body.spec(clock), body.reason(), caller)));
    }

    @Endpoint(value = "Delete a schedule", status = 204, problems = ProblemKind.NO_SUCH_SCHEDULE,
            description = "Operations that it submitted continue, and its run log stays.")
    @DeleteMapping("/api/v1/schedules/{schedule}")
    ResponseEntity<Void> deleteSchedule(@PathVariable String schedule,
            @RequestParam(required = false) @Nullable String reason,
            Caller caller) {
        schedules.delete(schedule, reason, caller);
        return ResponseEntity.noContent().build();
    }

    record SchedulePreviewRequest(
            @JsonPropertyDescription("As of a schedule") @Size(min = 1, max = 200) @Nullable String cron,
            @JsonPropertyDescription("Default: UTC") @Size(min = 1, max = 100) @Nullable String zone,
            @JsonPropertyDescription("Instead of cron") @Nullable Duration every,
            @JsonPropertyDescription("Instead of cron") @Nullable Instant at,
            @JsonPropertyDescription("After this time; default: now") @Nullable Instant from,
            @JsonPropertyDescription("Number of due times, 1 to 100; default 10") @Min(1) @Max(
                    Schedules.MAX_PREVIEWED) @Nullable Integer count) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record SchedulePreview(List<Instant> runs) {}

    @Endpoint(value = "Preview the due times of a schedule", description = "Nothing is stored.")
    @PostMapping("/api/v1/schedules:preview")
    SchedulePreview previewSchedule(@JsonBody SchedulePreviewRequest body) {
        return new SchedulePreview(schedules.preview(ScheduleRequest.timing(body.cron, body.zone, body.every, body.at,
                clock.now()), body.from, body.count == null ? PREVIEWED : body.count));
    }

    /// Pointers to misfits of the input start at the body.
    private static Schedule checked(Supplier<Schedule> work) {
        try {
            return work.get();
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/operation/input")).toList());
        }
    }

    private ScheduleView view(Schedule schedule) {
        var next = schedule.nextRunAt();
        return ScheduleView.of(schedule, next == null
                ? List.of() : schedules.preview(schedule.spec().timing(), next.minusNanos(1), PREVIEWED));
    }
}
