package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.WorkerStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.RefusedEntries;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A worker registers, claims, sends heartbeats and leaves.
@RestController
class WorkersController {

    private static final int MAX_REGISTRATION = 8 * 1024 * 1024;
    private static final int MAX_SYNC = 16 * 1024 * 1024;

    private final WorkerService workers;
    private final WorkerLoop loop;
    private final StopSignals signals;
    private final SyncService syncs;
    private final WorkerSettings settings;

    WorkersController(WorkerService workers, WorkerLoop loop, StopSignals signals, SyncService syncs,
            WorkerSettings settings) {
        this.workers = workers;
        this.loop = loop;
        this.signals = signals;
        this.syncs = syncs;
        this.settings = settings;
    }

    /// @param heartbeatSeconds the longest time between two requests; a third of the lease
    @JsonNaming(SnakeCaseStrategy.class)
    record Registered(UUID workerId, String name, List<String> types, double leaseSeconds, double heartbeatSeconds) {

        static Registered of(RemoteWorker worker) {
            var lease = worker.lease().toMillis() / 1e3;
            return new Registered(worker.id(), worker.name(), worker.types().stream().sorted().toList(), lease,
                    lease / 3);
        }
    }

    @Endpoint(value = "Register a worker and its task types", status = 201, problems = ProblemKind.STATE_CONFLICT,
            description = "Its types can be submitted through every interface at once, and stay known. A worker that "
            + "starts again registers again and gets a new id.")
    @PostMapping("/api/v1/workers")
    ResponseEntity<Registered> register(@JsonBody(limit = MAX_REGISTRATION) Registration registration) {
        var worker = workers.register(registration);
        return ResponseEntity.created(URI.create("/api/v1/workers/" + worker.id())).body(Registered.of(worker));
    }

    /// How many, and how long to wait for the first.
    record Claim(
            @JsonPropertyDescription("How many operations at most; default 1")
            @Min(1) @Max(1_000) @Nullable Integer max,
            @JsonPropertyDescription("How long to wait if there is nothing to claim; default 0")
            @Min(0) @Max(3_600) @Nullable Double waitSeconds,
            @JsonPropertyDescription("The tokens of the worker's runs; default: not told. Runs that only the service "
                    + "knows are released")
            @Size(max = 10_000) @Nullable List<UUID> runs) {

        int count() {
            return max == null ? 1 : max;
        }

        Duration wait(WorkerSettings settings) {
            return WorkersController.wait(waitSeconds, settings);
        }
    }

    /// @param draining true: the worker gets nothing more until it is resumed; it leaves when its runs have ended
    @JsonNaming(SnakeCaseStrategy.class)
    record Claimed(List<ClaimView> claims, boolean draining) {}

    @Endpoint(value = "Claim operations", problems = ProblemKind.WORKER_LOST,
            description = "Answered as soon as there is one, with at most `max`, or with none when the time is over.")
    @PostMapping("/api/v1/workers/{id}:claim")
    Claimed claim(@PathVariable String id, @JsonBody(optional = true) Claim claim) throws InterruptedException {
        var worker = workers.find(parse(id));
        workers.disownStrays(worker, claim.runs());
        var request = WriteRequest.of(WorkerService.identity(worker), List.of(), List.of())
                .claiming(WorkerService.demand(worker, claim.count()));
        return new Claimed(workers.claimed(worker, loop.claim(request, worker.id(), claim.wait(settings))),
                workers.isDraining(worker));
    }

    record Heartbeat(
            @JsonPropertyDescription("The tokens of the worker's runs; default: not told. Runs that only the service "
                    + "knows are released")
            @Size(max = 10_000) @Nullable List<UUID> runs,
            @JsonPropertyDescription("How long to wait for a command; default 0")
            @Min(0) @Max(3_600) @Nullable Double waitSeconds,
            @JsonPropertyDescription("The operations whose command the worker knows: they end no wait")
            @Size(max = 10_000) @Nullable List<UUID> acknowledged) {}

    /// @param commands what the worker shall do with its runs
    /// @param lost     those of the named runs that are over: stop working on them
    /// @param draining true: the worker gets nothing more until it is resumed
    @JsonNaming(SnakeCaseStrategy.class)
    record HeartbeatResponse(List<Command> commands, Set<UUID> lost, boolean draining) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Command(String operationId, String command) {

        static Command of(WorkerStore.Order order) {
            return new Command(order.id().toString(), order.cancel() ? "cancel" : "pause");
        }
    }

    @Endpoint(value = "Renew the lease of a worker, and get the commands for its runs",
            problems = ProblemKind.WORKER_LOST,
            description = "`cancel`: release the run soon by `run:release`. `pause`: the same, at the next step. "
            + "Every other request of the worker renews its lease, too.")
    @PostMapping("/api/v1/workers/{id}:heartbeat")
    HeartbeatResponse heartbeat(@PathVariable String id, @JsonBody(optional = true) Heartbeat body)
            throws InterruptedException {
        var worker = workers.find(parse(id));
        var lost = workers.renew(worker, body.runs() == null ? null : Set.copyOf(body.runs()));
        var known = body.acknowledged() == null ? Set.<UUID>of() : Set.copyOf(body.acknowledged());
        var wait = lost.isEmpty() ? wait(body.waitSeconds(), settings) : Duration.ZERO;
        var half = worker.lease().dividedBy(2);   // the lease is not renewed during the wait
        var orders = signals.await(worker.id(), wait.compareTo(half) < 0 ? wait : half,
                order -> !known.contains(order.id().value()));
        return new HeartbeatResponse(orders.stream().map(Command::of).toList(), lost, workers.isDraining(worker));
    }

    @Endpoint(value = "Update many runs and claim the next operations in one request",
            problems = ProblemKind.WORKER_LOST,
            description = "The fast way: the updates and the claims are one commit of the database. An update that "
            + "cannot be read or stored is refused alone: its result has a `problem`, and its run goes on. Without a "
            + "`problem`, a run whose update was not accepted is over.")
    @PostMapping("/api/v1/workers/{id}:sync")
    SyncService.SyncResponse sync(@PathVariable String id,
            @JsonBody(limit = MAX_SYNC, entries = "runs") SyncService.SyncRequest request, HttpServletRequest sent)
            throws InterruptedException {
        return syncs.sync(workers.find(parse(id)), request, RefusedEntries.of(sent));
    }

    @Endpoint(value = "Remove a worker; its operations are free at once", status = 204,
            problems = ProblemKind.WORKER_LOST)
    @DeleteMapping("/api/v1/workers/{id}")
    ResponseEntity<Void> leave(@PathVariable String id) {
        workers.leave(workers.find(parse(id)));
        return ResponseEntity.noContent().build();
    }

    private static Duration wait(@Nullable Double seconds, WorkerSettings settings) {
        var requested = seconds == null ? Duration.ZERO : Duration.ofMillis(Math.round(seconds * 1000));
        return requested.compareTo(settings.maxWait()) < 0 ? requested : settings.maxWait();
    }

    private static UUID parse(String id) {
        try {
            return OperationId.parse(id).value();
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("a worker's id is a UUID such as "
                    + "0f8fad5b-d9cb-469f-a165-70867728950e, not " + Text.quoted(id));
        }
    }
}
