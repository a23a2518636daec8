package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.TimeSpan;
import dev.longhaul.query.AuditTrail;
import dev.longhaul.query.ErrorGroups;
import dev.longhaul.query.HistoryReader;
import dev.longhaul.query.TypicalDurations;
import dev.longhaul.query.WorkerList;
import dev.longhaul.store.CountStore;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.RegisteredTask;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Reads what concerns the service as a whole: types, workers, statistics, error groups, the audit trail.
@RestController
class ServiceController {

    private static final Duration LONGEST = Duration.ofDays(366);

    private final TaskRegistry tasks;
    private final WorkerList workers;
    private final CountStore counts;
    private final ErrorGroups errors;
    private final TypicalDurations durations;
    private final AuditTrail audit;
    private final DatabaseClock clock;

    ServiceController(TaskRegistry tasks, WorkerList workers, CountStore counts, ErrorGroups errors,
            TypicalDurations durations, AuditTrail audit, DatabaseClock clock) {
        this.tasks = tasks;
        this.workers = workers;
        this.counts = counts;
        this.errors = errors;
        this.durations = durations;
        this.audit = audit;
        this.clock = clock;
    }

    /// @param inputSchema  JSON Schema 2020-12, as is `outputSchema`
    /// @param outputSchema null: its worker did not register one
    /// @param durations    null: no operation of it completed recently
    /// @param unusable     why no operation of this type can be submitted; null: it can
    @JsonNaming(SnakeCaseStrategy.class)
    record TaskTypeView(String type, String description, JsonNode inputSchema, @Nullable JsonNode outputSchema,
            TypicalDurations.@Nullable DurationStatistics durations,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String unusable) {

        static TaskTypeView of(OperationType type, TypicalDurations.@Nullable DurationStatistics durations) {
            return new TaskTypeView(type.type(), type.description().strip(), type.inputSchema(), type
                    instanceof RegisteredTask own ? own.outputSchema() : null, durations, type.defect());
        }
    }

    record TaskTypeList(List<TaskTypeView> types) {}

    @Endpoint(value = "List task types", description = """
            The types that this service runs itself and those that remote workers run, with the JSON Schema of each
            input and the typical durations of its operations (percentiles of the completed ones among its newest 500
            finished ones).""")
    @GetMapping("/api/v1/types")
    TaskTypeList listTypes() {
        var all = tasks.all();
        var usual = durations.of(all.stream().map(OperationType::type).toList());
        return new TaskTypeList(all.stream().map(type -> TaskTypeView.of(type, usual.get(type.type()))).toList());
    }

    @Endpoint(value = "Get a task type", problems = ProblemKind.NO_SUCH_TYPE)
    @GetMapping("/api/v1/types/{type}")
    TaskTypeView getType(@PathVariable String type) {
        return tasks.all().stream().filter(one -> one.type().equals(type)).findFirst()
                .map(one -> TaskTypeView.of(one, durations.of(List.of(type)).get(type)))
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_TYPE, "there is no type " + Text.quoted(type)));
    }

    record WorkerPage(List<WorkerList.Worker> workers) {}

    @Endpoint(value = "List workers", description = """
            Nodes and remote workers that are alive; with `all=true` also those that are lost or have ended. At most
            200, the newest first.""")
    @GetMapping("/api/v1/workers")
    WorkerPage listWorkers(@RequestParam(defaultValue = "false") boolean all) {
        return new WorkerPage(workers.list(all));
    }

    @Endpoint(value = "Get a worker", problems = ProblemKind.NO_SUCH_WORKER)
    @GetMapping("/api/v1/workers/{id}")
    WorkerList.Worker getWorker(@PathVariable String id) {
        var workerId = OperationId.parse(id).value();
        return workers.find(workerId)
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_WORKER, "there is no worker " + id));
    }

    record StatusCount(String type, String queue, String status, long count) {}

    /// @param event `submitted`, or the status that the operations reached; `pending`: returned for a retry
    record HourlyCount(Instant hour, String type, String queue, String event, long count) {}

    /// @param current number of operations of each type and queue in each status
    /// @param hourly  number of operations per hour and event
    record Statistics(List<StatusCount> current, List<HourlyCount> hourly) {}

    @Endpoint(value = "Get statistics", description = """
            The number of operations now, and per hour of `window` (24h). From counters that every change updates, so
            the number of operations does not matter.""")
    @GetMapping("/api/v1/stats")
    Statistics getStatistics(@RequestParam(defaultValue = "24h") String window) {
        var from = clock.now().minus(span("window", window));
        return new Statistics(counts.counts().stream()
                .map(count -> new StatusCount(count.type(), count.queue(), count.status().word(), count.number()))
                        .toList(),
                counts.hours(from).stream()
                .map(hour -> new HourlyCount(hour.hour(), hour.type(), hour.queue(), hour.what(), hour.number()))
                        .toList());
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record ErrorGroupList(List<ErrorGroups.ErrorGroup> errorGroups) {}

    @Endpoint(value = "List error groups", description = """
            Failed operations that were submitted within `since` (24h; the newest 10,000), grouped by type and error
            message; numbers and ids in messages are ignored.""")
    @GetMapping("/api/v1/error-groups")
    ErrorGroupList listErrorGroups(@RequestParam(defaultValue = "24h") String since,
            @RequestParam(required = false) @Nullable String type, @RequestParam(defaultValue = "50") int limit) {
        return new ErrorGroupList(errors.of(span("since", since), type, limit(limit)));
    }

    /// @param nextPageToken null: this is the last page
    @JsonNaming(SnakeCaseStrategy.class)
    record AuditPage(List<HistoryReader.HistoryEntry> entries, @Nullable String nextPageToken) {}

    @Endpoint(value = "List the audit trail", problems = ProblemKind.INVALID_PAGE_TOKEN, description = """
            Changes by people and programs within `since` (24h), without those by the engine; the newest first.
            `source` is the interface: rest, cli, mcp, sql, dashboard. A page has what one bounded scan found: it may
            be short or empty and still have a `next_page_token`. Only the last page has none.""")
    @GetMapping("/api/v1/audit")
    AuditPage listAuditTrail(@RequestParam(defaultValue = "24h") String since,
            @RequestParam(required = false) @Nullable String by,
            @RequestParam(required = false) @Nullable String source,
                @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
                        @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var last = pageToken == null ? null : AuditTrail.Place.parse(pageToken)
                .orElseThrow(() -> new Problem(ProblemKind.INVALID_PAGE_TOKEN,
                "expected the next_page_token of a page of this list"));
        var page = audit.page(span("since", since), by, source, last, limit(pageSize));
        return new AuditPage(page.entries(), page.next() == null ? null : page.next().text());
    }

    /// @param authentication `none`: there is no authentication yet; the name of a caller is its address
    record CallerIdentity(String name, String source, String authentication) {}

    @Endpoint(value = "Get the caller's identity", description = "The name and the source that the history records.")
    @GetMapping("/api/v1/whoami")
    CallerIdentity getCallerIdentity(Caller caller) {
        return new CallerIdentity(caller.name(), caller.source(), "none");
    }

    private static Duration span(String name, String text) {
        var span = TimeSpan.parse(text);
        if (!span.isPositive() || span.compareTo(LONGEST) > 0) {
            throw new Problem(ProblemKind.INVALID_REQUEST, name + " must be more than 0s and at most "
                    + TimeSpan.of(LONGEST) + ", not " + text);
        }
        return span;
    }

    private static int limit(int asked) {
        if (asked < 1) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "a page has at least 1 entry, not " + asked);
        }
        return Math.min(asked, 200);
    }
}
