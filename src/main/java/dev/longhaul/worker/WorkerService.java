package dev.longhaul.worker;

import dev.longhaul.engine.RunWriter;
import dev.longhaul.engine.WriteRequest;
import dev.longhaul.engine.WriteRequest.Answer;
import dev.longhaul.engine.WriteRequest.Demand;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Redactor;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RemoteTypeStore;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RemoteWorkerStore.RemoteWorker;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.StepStore;
import dev.longhaul.store.WorkerStore;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.SecretCipher;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Remote workers: their registration, their leases, and what a claim gives them.
@Component
class WorkerService {

    /// A claim may be on its way to the worker for this long; then a run that the worker does not name is released.
    private static final Duration CLAIM_DELIVERY = Duration.ofSeconds(10);

    private final RemoteWorkerStore store;
    private final RemoteTypeStore types;
    private final WorkerStore leases;
    private final StepStore steps;
    private final TaskRegistry tasks;
    private final WorkerCache cache;
    private final RunCache runs;
    private final RunWriter writer;
    private final SecretCipher cipher;
    private final WorkerSettings settings;

    WorkerService(RemoteWorkerStore store, RemoteTypeStore types, WorkerStore leases, StepStore steps,
            TaskRegistry tasks, WorkerCache cache, RunCache runs, RunWriter writer, SecretCipher cipher,
            WorkerSettings settings) {
        this.store = store;
        this.types = types;
        this.leases = leases;
        this.steps = steps;
        this.tasks = tasks;
        this.cache = cache;
        this.runs = runs;
        this.writer = writer;
        this.cipher = cipher;
        this.settings = settings;
    }

    /// @throws Problem if the service itself runs one of the types
    RemoteWorker register(Registration registration) {
        var registered = registration.registered();
        registered.stream().map(RemoteType::type).filter(tasks.ownTypes()::contains).findFirst().ifPresent(own -> {
            throw new Problem(ProblemKind.STATE_CONFLICT, "the service itself runs operations of type " + own
                    + ": give yours another name");
        });
        var queues = registration.queues() == null ? null : registration.queues().stream()
                .map(queue -> Text.storable("a queue", queue, 200)).collect(Collectors.toSet());
        var lease = registration.leaseSeconds() == null
                ? settings.lease() : Duration.ofMillis(Math.round(registration.leaseSeconds() * 1000));
        types.register(registered, Text.storable("name", registration.name(), 200));
        var worker = store.register(registration.name(), lease, registered.stream().map(RemoteType::type)
                .collect(Collectors.toSet()), queues, Boolean.TRUE.equals(registration.exclusive()));
        cache.add(worker);
        return worker;
    }

    /// @throws WorkerLeaseLost if there is no such worker, or no longer
    RemoteWorker find(UUID id) {
        return cache.find(id);
    }

    /// Whether the worker shall claim nothing more, as this node knows.
    boolean isDraining(RemoteWorker worker) {
        return cache.isDraining(worker.id());
    }

    static Worker identity(RemoteWorker worker) {
        return new Worker(worker.id(), worker.name(), "remote");
    }

    /// The claim of a draining worker waits, and finds nothing.
    static Demand demand(RemoteWorker worker, int max) {
        return new Demand(worker.isDraining() ? Set.of() : worker.types(), worker.queues(), max);
    }

    /// Renews the lease, also of a worker that was renewed a moment ago: the answer tells whether it is alive.
    ///
    /// @param held the runs that the worker has, and those that only the database knows are released; null: not told
    /// @return those of them that are over
    /// @throws WorkerLeaseLost if it was declared lost
    Set<UUID> renew(RemoteWorker worker, @Nullable Set<UUID> held) {
        if (!cache.renew(Set.of(worker.id())).isEmpty()) {
            throw new WorkerLeaseLost(worker.id());
        }
        if (held == null) {
            return Set.of();
        }
        disownStrays(worker, held);
        var known = Set.copyOf(leases.runs(worker.id()));
        return held.stream().filter(run -> !known.contains(run)).collect(Collectors.toSet());
    }

    /// Releases runs whose claim did not reach the worker.
    ///
    /// @param held the runs that the worker has; null: not told
    void disownStrays(RemoteWorker worker, @Nullable Collection<UUID> held) {
        var strays = held == null ? List.<UUID>of() : store.strays(worker.id(), held, CLAIM_DELIVERY);
        if (!strays.isEmpty()) {
            leases.disown(worker.id(), strays, worker.name(), "the claim did not reach its worker");
        }
    }

    /// The claims as the worker gets them. An operation whose input cannot be decrypted fails here.
    List<ClaimView> claimed(RemoteWorker worker, Answer answer) throws InterruptedException {
        var resumed = answer.claims().stream()
                .filter(claim -> !claim.isFresh() || claim.operation().attempt() > 1)
                .map(claim -> claim.operation().id()).toList();
        var finished = resumed.isEmpty() ? Map.<OperationId, Map<String, JsonNode>>of() : steps.finished(resumed);
        var views = new ArrayList<ClaimView>();
        var undecryptable = new ArrayList<End>();
        for (var claim : answer.claims()) {
            var operation = claim.operation();
            try {
                var opened = tasks.decrypted(operation.type(), operation.input());
                var secrets = runs.begin(claim, opened.secrets());
                views.add(ClaimView.of(claim, opened.input(),
                        decrypted(operation.type(), finished.getOrDefault(operation.id(), Map.of()), secrets)));
            } catch (NotRetryable failed) {
                undecryptable.add(new End(operation.id(), claim.runId(), new Outcome.Failed(Failure.of(failed)),
                        operation.progress(), List.of()));
            }
        }
        if (!undecryptable.isEmpty()) {
            writer.write(WriteRequest.ofEnds(identity(worker), undecryptable), Duration.ZERO);
        }
        return views;
    }

    private Map<String, JsonNode> decrypted(String type, Map<String, JsonNode> steps, Redactor secrets)
            throws NotRetryable {
        var decrypted = new HashMap<String, JsonNode>();
        for (var step : steps.entrySet()) {
            decrypted.put(secrets.restored(step.getKey()), cipher.decryptedStep(step.getValue(), type, step.getKey()));
        }
        return decrypted;
    }

    /// The operations that the worker still holds are free at once.
    void leave(RemoteWorker worker) {
        leases.leave(worker.id());
        cache.remove(worker.id());
    }
}
