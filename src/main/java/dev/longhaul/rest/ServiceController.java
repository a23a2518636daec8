package dev.longhaul.rest;

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

/// What the service as a whole can do and has done: types, workers, numbers, failures, who did what.
@RestController
class ServiceController {

    private static final Duration LONGEST = Duration.ofDays(366);

    private final TaskRegistry tasks;
    private final WorkerList workers;
    private final CountStore counts;
    private final ErrorGroups errors;
    private final TypicalDurations durations;
    private final AuditTrail trail;
    private final DatabaseClock clock;

    ServiceController(TaskRegistry tasks, WorkerList workers, CountStore counts, ErrorGroups errors,
            TypicalDurations durations, AuditTrail trail, DatabaseClock clock) {
        this.tasks = tasks;
        this.workers = workers;
        this.counts = counts;
        this.errors = errors;
        this.durations = durations;
        this.trail = trail;
        this.clock = clock;
    }

    /// @param inputSchema  JSON Schema 2020-12, as is `outputSchema`
    /// @param outputSchema null: its worker does not say
    /// @param durations    null: none of it completed lately
    @JsonNaming(SnakeCaseStrategy.class)
    record Type(String type, String description, JsonNode inputSchema, @Nullable JsonNode outputSchema,
            TypicalDurations.@Nullable Usual durations) {

        static Type of(OperationType type, TypicalDurations.@Nullable Usual durations) {
            return new Type(type.type(), type.description().strip(), type.inputSchema(), type
                    instanceof RegisteredTask own ? own.outputSchema() : null, durations);
        }
    }

    record Types(List<Type> types) {}

    @Endpoint(value = "Lists what can be run", description = """
            What this service runs itself, and what remote workers run; with the JSON Schema of each input, and how long its operations usually wait and take (percentiles of those that
            completed among its newest 500 that are over).""")
    @GetMapping("/api/v1/types")
    Types types() {
        var all = tasks.all();
        var usual = durations.of(all.stream().map(OperationType::type).toList());
        return new Types(all.stream().map(type -> Type.of(type, usual.get(type.type()))).toList());
    }

    @Endpoint(value = "Describes one type", problems = ProblemKind.NO_SUCH_TYPE)
    @GetMapping("/api/v1/types/{type}")
    Type type(@PathVariable String type) {
        return tasks.all().stream().filter(one -> one.type().equals(type)).findFirst()
                .map(one -> Type.of(one, durations.of(List.of(type)).get(type)))
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_TYPE, "there is no type " + Text.quoted(type)));
    }

    record All(List<WorkerList.Worker> workers) {}

    @Endpoint(value = "Lists who works",
            description =
            "Nodes and remote workers that are alive; with `all=true` also those that are lost or have ended. 200 at "
            + "most, the newest first.")
    @GetMapping("/api/v1/workers")
    All workers(@RequestParam(defaultValue = "false") boolean all) {
        return new All(workers.list(all));
    }

    @Endpoint(value = "Tells how a worker is", problems = ProblemKind.NO_SUCH_WORKER)
    @GetMapping("/api/v1/workers/{id}")
    WorkerList.Worker worker(@PathVariable String id) {
        var workerId = OperationId.parse(id).value();
        return workers.find(workerId)
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_WORKER, "there is no worker " + id));
    }

    record Number(String type, String queue, String status, long number) {}

    /// @param what `submitted`, or the status that they came to; `pending`: put back to be run again
    record Hour(Instant hour, String type, String queue, String what, long number) {}

    /// @param now   how many operations of each type and queue are in each status
    /// @param hours how many came to what in each hour
    record Stats(List<Number> now, List<Hour> hours) {}

    @Endpoint(value = "Tells how many operations there are, and how many came and went", description = """
            From counters that are kept with every change, so that it is as quick with ten million operations as with ten. `window` (24h) is how far the hours go back.""")
    @GetMapping("/api/v1/stats")
    Stats stats(@RequestParam(defaultValue = "24h") String window) {
        var from = clock.now().minus(span("window", window));
        return new Stats(counts.counts().stream()
                .map(count -> new Number(count.type(), count.queue(), count.status().word(), count.number())).toList(),
                counts.hours(from).stream()
                .map(came -> new Hour(came.hour(), came.type(), came.queue(), came.what(), came.number())).toList());
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Groups(List<ErrorGroups.Group> errorGroups) {}

    @Endpoint(value = "Tells why operations fail", description = """
            Failed operations that were submitted within `since` (24h; the newest 10,000), the same failures of the same type together, whatever numbers and ids are in their messages.""")
    @GetMapping("/api/v1/error-groups")
    Groups errorGroups(@RequestParam(defaultValue = "24h") String since,
            @RequestParam(required = false) @Nullable String type, @RequestParam(defaultValue = "50") int limit) {
        return new Groups(errors.of(span("since", since), type, limit(limit)));
    }

    /// @param nextPageToken null: there are no more
    @JsonNaming(SnakeCaseStrategy.class)
    record Audit(List<HistoryReader.Entry> entries, @Nullable String nextPageToken) {}

    @Endpoint(value = "Tells who did what", problems = ProblemKind.INVALID_PAGE_TOKEN, description = """
            What people and programs did to operations within `since` (24h), not the engine; the newest first. `via` is the door: rest, cli, mcp, sql, dashboard. A page is what one call finds
            in some 100 ms: it may be short or empty and have a `next_page_token` all the same. The last page has none.""")
    @GetMapping("/api/v1/audit")
    Audit audit(@RequestParam(defaultValue = "24h") String since, @RequestParam(required = false) @Nullable String by,
            @RequestParam(required = false) @Nullable String via,
                @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
                        @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var last = pageToken == null ? null : AuditTrail.Place.parse(pageToken)
                .orElseThrow(() -> new Problem(ProblemKind.INVALID_PAGE_TOKEN,
                "expected the next_page_token of a page of this list"));
        var page = trail.page(span("since", since), by, via, last, limit(pageSize));
        return new Audit(page.entries(), page.next() == null ? null : page.next().text());
    }

    /// @param authentication `none`: nobody has to sign in yet, and a caller is known by its address
    record Identity(String name, String via, String authentication) {}

    @Endpoint(value = "Tells who is asking", description = "The name and the door that the history will have.")
    @GetMapping("/api/v1/whoami")
    Identity whoami(Caller caller) {
        return new Identity(caller.name(), caller.via(), "none");
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
