package dev.longhaul.worker;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
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
import dev.longhaul.worker.WriteRequest.Answer;
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
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Who the remote workers are, what they hold, and what they get.
@Component
class WorkerService {

    /// So long a claim may be on its way to the worker: then a run that the worker says it does not have is given to
    /// others.
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    private final RemoteWorkerStore store;
    private final RemoteTypeStore types;
    private final WorkerStore leases;
    private final StepStore steps;
    private final TaskRegistry tasks;
    private final WorkerCache roster;
    private final ProgressCache memory;
    private final RemoteRunWriter desk;
    private final SecretCipher vault;
    private final RemoteSettings settings;

    WorkerService(RemoteWorkerStore store, RemoteTypeStore types, WorkerStore leases, StepStore steps,
            TaskRegistry tasks, WorkerCache roster, ProgressCache memory, RemoteRunWriter desk,
         SecretCipher vault, RemoteSettings settings) {
        this.store = store;
        this.types = types;
        this.leases = leases;
        this.steps = steps;
        this.tasks = tasks;
        this.roster = roster;
        this.memory = memory;
        this.desk = desk;
        this.vault = vault;
        this.settings = settings;
    }

    /// What the service has tasks of its own for is no remote type any more.
    @EventListener(ApplicationStartedEvent.class)
    void takeBackOwnTypes() {
        types.takeBack(tasks.ownTypes(), "the service");
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
                .collect(Collectors.toSet()), queues,
                Boolean.TRUE.equals(registration.only()));
        roster.add(worker);
        return worker;
    }

    /// @throws WorkerLost if there is no such worker any more
    RemoteWorker find(UUID id) {
        return roster.find(id);
    }

    /// Whether it is to claim nothing more, as this node knows.
    boolean isDraining(RemoteWorker worker) {
        return roster.isDraining(worker.id());
    }

    static Worker speaker(RemoteWorker worker) {
        return new Worker(worker.id(), worker.name(), "remote");
    }

    /// Renews the lease.
    ///
    /// @param held the runs that the worker has; those that only the database knows are given back
    /// @return those of them that are not its runs any more
    /// @throws WorkerLost if it was declared lost
    Set<UUID> beat(RemoteWorker worker, Set<UUID> held) {
        beat(worker);
        disownStrays(worker, held);
        var known = Set.copyOf(leases.runs(worker.id()));
        return held.stream().filter(run -> !known.contains(run)).collect(Collectors.toSet());
    }

    /// A claim whose answer was lost on the way is given to others.
    ///
    /// @param held the runs that the worker has; null: it does not say
    void disownStrays(RemoteWorker worker, @Nullable Collection<UUID> held) {
        var strays = held == null ? List.<UUID>of() : store.strays(worker.id(), held, ON_THE_WAY);
        if (!strays.isEmpty()) {
            leases.disown(worker.id(), strays, worker.name(), "its claim was not heard by the worker");
        }
    }

    /// Renews the lease of a worker that does not say what it has.
    ///
    /// @throws WorkerLost if it was declared lost
    Set<UUID> beat(RemoteWorker worker) {
        if (!roster.beat(Set.of(worker.id()), true).isEmpty()) {
            throw new WorkerLeaseLost(worker.id());
        }
        return Set.of();
    }

    /// As the worker gets them. Who could not read its input never gets it: it fails here.
    List<ClaimView> claimed(RemoteWorker worker, Answer answer) throws InterruptedException {
        var old = answer.claims().stream().filter(claim -> !ProgressCache.isFresh(claim)
                || claim.operation().attempt() > 1).map(claim -> claim.operation().id()).toList();
        var finished = old.isEmpty() ? Map.<OperationId, Map<String, JsonNode>>of() : steps.finished(old);
        var views = new ArrayList<ClaimView>();
        var broken = new ArrayList<End>();
        for (var claim : answer.claims()) {
            var operation = claim.operation();
            try {
                var opened = tasks.opened(operation.type(), operation.input());
                memory.begin(claim, opened.secrets());
                views.add(ClaimView.of(claim, opened.input(),
                        opened(operation.type(), finished.getOrDefault(operation.id(), Map.of()))));
            } catch (NotRetryable hopeless) {
                broken.add(new End(operation.id(), claim.runId(), new Outcome.Failed(Failure.of(hopeless)),
                        operation.progress(), List.of()));
            }
        }
        if (!broken.isEmpty()) {
            desk.visit(new WriteRequest(speaker(worker), null, List.of(), broken, 0), Duration.ZERO);
        }
        return views;
    }

    private Map<String, JsonNode> opened(String type, Map<String, JsonNode> steps) throws NotRetryable {
        var opened = new HashMap<String, JsonNode>();
        for (var step : steps.entrySet()) {
            opened.put(step.getKey(), vault.openedStep(step.getValue(), type, step.getKey()));
        }
        return opened;
    }

    /// What it still holds is free for the others at once.
    void leave(RemoteWorker worker) {
        leases.leave(worker.id());
        roster.remove(worker.id());
    }
}
