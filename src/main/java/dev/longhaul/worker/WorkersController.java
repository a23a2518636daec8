package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.WorkerStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
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

/// What a worker says of itself: it registers, claims, lives and leaves.
@RestController
class WorkersController {

    private final WorkerService crew;
    private final RemoteRunWriter desk;
    private final StopSignals orders;
    private final SyncController batches;
    private final RemoteSettings settings;

    WorkersController(WorkerService crew, RemoteRunWriter desk, StopSignals orders, SyncController batches,
            RemoteSettings settings) {
        this.crew = crew;
        this.desk = desk;
        this.orders = orders;
        this.batches = batches;
        this.settings = settings;
    }

    /// @param heartbeatSeconds how often to say something at least; a third of the lease
    @JsonNaming(SnakeCaseStrategy.class)
    record Registered(UUID workerId, String name, List<String> types, double leaseSeconds, double heartbeatSeconds) {

        static Registered of(RemoteWorker worker) {
            var lease = worker.lease().toMillis() / 1e3;
            return new Registered(worker.id(), worker.name(), worker.types().stream().sorted().toList(), lease,
                    lease / 3);
        }
    }

    @Endpoint(value = "Registers a worker and the types it runs", status = 201, problems = ProblemKind.STATE_CONFLICT,
            description =
                    "Its types can be submitted from now on, through every door, and stay known. A worker that "
                    + "starts again registers again and gets a new id.")
    @PostMapping("/api/v1/workers")
    ResponseEntity<Registered> register(@JsonBody(limit = 8 * 1024 * 1024) Registration registration) {
        var worker = crew.register(registration);
        return ResponseEntity.created(URI.create("/api/v1/workers/" + worker.id())).body(Registered.of(worker));
    }

    /// How many, and how long to wait for the first.
    record Claim(
            @JsonPropertyDescription("At most so many; default 1") @Min(1) @Max(1_000) @Nullable Integer max,
            @JsonPropertyDescription("How long to wait if there is nothing; default 0") @Min(0) @Max(
                    3_600) @Nullable Double waitSeconds,
            @JsonPropertyDescription("The tokens of the runs it has; default: not said. Runs that only the service "
            + "knows of are given to others") @Size(max = 10_000) @Nullable List<UUID> runs) {

        int most() {
            return max == null ? 1 : max;
        }

        Duration patience(RemoteSettings settings) {
            return WorkersController.patience(waitSeconds, settings);
        }
    }

    /// @param draining true: it gets nothing more until somebody resumes it; leave when nothing is left to do
    @JsonNaming(SnakeCaseStrategy.class)
    record Claimed(List<ClaimView> claims, boolean draining) {}

    @Endpoint(value = "Claims operations", problems = ProblemKind.WORKER_LOST,
            description = "Answered as soon as there is one, with at most `max`, or with none when the time is over.")
    @PostMapping("/api/v1/workers/{id}:claim")
    Claimed claim(@PathVariable String id, @JsonBody(optional = true) Claim claim) throws InterruptedException {
        var worker = crew.find(parse(id));
        crew.disownStrays(worker, claim.runs());
        var visit = new WriteRequest(WorkerService.speaker(worker), worker, List.of(), List.of(), claim.most());
        return new Claimed(crew.claimed(worker, desk.visit(visit, claim.patience(settings))), crew.isDraining(worker));
    }

    /// A sign of life.
    record Heartbeat(
            @JsonPropertyDescription("The tokens of the runs it has; default: not said. Runs that only the service "
            + "knows of are given to others") @Size(max = 10_000) @Nullable List<UUID> runs,
            @JsonPropertyDescription("How long to wait for an order; default 0") @Min(0) @Max(
            3_600) @Nullable Double waitSeconds,
            @JsonPropertyDescription(
            "The operations of whose orders it knows already: it is not woken for those") @Size(max =
            10_000) @Nullable List<UUID> ordered) {}

    /// @param orders what somebody wants of its runs
    /// @param lost   those of the runs it named that are over: stop working on them
    /// @param draining true: it gets nothing more to claim until somebody resumes it
    @JsonNaming(SnakeCaseStrategy.class)
    record Beaten(List<OrderView> orders, Set<UUID> lost, boolean draining) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record OrderView(String operationId, String order) {

        static OrderView of(WorkerStore.Order order) {
            return new OrderView(order.id().toString(), order.cancel() ? "cancel" : "pause");
        }
    }

    @Endpoint(value = "Renews the lease of a worker, and tells what somebody wants of its runs",
            problems = ProblemKind.WORKER_LOST,
            description =
            "`cancel`: give it back soon by `run:release`. `pause`: the same, at the next step. Every other word of "
            + "the worker renews its lease too.")
    @PostMapping("/api/v1/workers/{id}:heartbeat")
    Beaten heartbeat(@PathVariable String id, @JsonBody(optional = true) Heartbeat said) throws InterruptedException {
        var worker = crew.find(parse(id));
        var lost = said.runs() == null ? crew.beat(worker) : crew.beat(worker, Set.copyOf(said.runs()));
        var known = said.ordered() == null ? Set.<UUID>of() : Set.copyOf(said.ordered());
        var wait = lost.isEmpty() ? patience(said.waitSeconds(), settings) : Duration.ZERO;
        var half = worker.lease().dividedBy(2);   // it is not renewed while it waits here
        var given = orders.of(worker.id(), wait.compareTo(half) < 0
        ? wait : half, order -> !known.contains(order.id().value()));
        return new Beaten(given.stream().map(OrderView::of).toList(), lost, crew.isDraining(worker));
    }

    @Endpoint(value = "Tells of many runs and claims the next, in one request",
            problems = {ProblemKind.WORKER_LOST, ProblemKind.NO_SUCH_OPERATION},
            description =
            "The fast way: what it tells, and what is claimed, is one commit of the database. A run of which nothing "
            + "was accepted is over.")
    @PostMapping("/api/v1/workers/{id}:turn")
    SyncController.SyncResponse turn(@PathVariable String id,
            @JsonBody(limit = 16 * 1024 * 1024) SyncController.SyncRequest turn) throws InterruptedException {
        return batches.take(crew.find(parse(id)), turn);
    }

    @Endpoint(value = "A worker leaves; what it still holds is free for others at once", status = 204,
            problems = ProblemKind.WORKER_LOST)
    @DeleteMapping("/api/v1/workers/{id}")
    ResponseEntity<Void> leave(@PathVariable String id) {
        crew.leave(crew.find(parse(id)));
        return ResponseEntity.noContent().build();
    }

    static Duration patience(@Nullable Double seconds, RemoteSettings settings) {
        var asked = seconds == null ? Duration.ZERO : Duration.ofMillis(Math.round(seconds * 1000));
        return asked.compareTo(settings.longestWait()) < 0 ? asked : settings.longestWait();
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
