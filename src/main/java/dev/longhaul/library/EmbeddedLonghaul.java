package dev.longhaul.library;

import dev.longhaul.Longhaul;
import dev.longhaul.live.Change;
import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.schedule.Schedule;
import dev.longhaul.schedule.ScheduleNotFound;
import dev.longhaul.schedule.ScheduleSpec;
import dev.longhaul.schedule.Schedules;
import dev.longhaul.schedule.Timing;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.workflow.WorkflowGraph;
import dev.longhaul.workflow.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import tools.jackson.databind.JsonNode;

/// [Longhaul] in the process of the application. It starts after the application's beans, and stops before them.
public final class EmbeddedLonghaul implements Longhaul, SmartLifecycle {

    private static final Caller CALLER = new Caller("application", "library");
    private static final Duration ROUND = Duration.ofSeconds(30);

    private final LibraryContext library;
    private volatile @Nullable AnnotationConfigApplicationContext context;

    EmbeddedLonghaul(LibraryContext library) {
        this.library = library;
    }

    @Override
    public OperationId submit(String type, Object input) {
        return submit(submission(type, input));
    }

    @Override
    public OperationId submit(Submission submission) {
        return joined(() -> bean(OperationStore.class).submit(bean(TaskRegistry.class).checked(submission), CALLER)
                .operation().id());
    }

    @Override
    public List<OperationId> submitAll(List<Submission> submissions) {
        return joined(() -> bean(OperationStore.class).submitAll(
                submissions.stream().map(bean(TaskRegistry.class).checker()).toList(), CALLER));
    }

    @Override
    public Submission submission(String type, Object input) {
        return Submission.of(type, input instanceof JsonNode json ? json
                : bean(InputTypes.class).json().valueToTree(input));
    }

    @Override
    public Optional<Operation> get(OperationId id) {
        return joined(() -> bean(OperationStore.class).find(id));
    }

    @Override
    public Optional<Operation> await(OperationId id, Duration timeout) throws InterruptedException {
        var until = System.nanoTime() + timeout.toNanos();
        var seen = 0L;
        while (true) {
            try (var subscriber = bean(Subscribers.class).subscribe(id, seen)) {
                while (!subscriber.isClosed()) {
                    var left = Duration.ofNanos(until - System.nanoTime());
                    if (!left.isPositive()) {
                        return Optional.empty();
                    }
                    var change = subscriber.next(left);
                    seen = change.map(Change::version).orElse(seen);
                    if (change.filter(Change::isLast).isPresent()) {
                        return change.map(Change::operation);
                    }
                }
            }
        }
    }

    @Override
    public Stream<Operation> watch(OperationId id) {
        var changes = new OperationChanges(bean(Subscribers.class).subscribe(id, 0), ROUND);
        return changes.stream();
    }

    @Override
    public <T> @Nullable T output(Operation operation, Class<T> type) {
        if (operation.status() != Status.COMPLETED) {
            throw new IllegalStateException("operation " + operation.id() + " is " + operation.status()
                    + ", and only a completed one has an output");
        }
        var output = operation.output();
        return output == null || output.isNull() ? null : bean(InputTypes.class).json().treeToValue(output, type);
    }

    @Override
    public Optional<Operation> cancel(OperationId id, @Nullable String reason) {
        return joined(() -> bean(OperationStore.class).cancel(id, reason, CALLER));
    }

    @Override
    public void schedule(ScheduleSpec schedule) {
        joined(() -> find(schedule.name())
                .map(known -> bean(Schedules.class).change(known.id().toString(), schedule, null, CALLER))
                .orElseGet(() -> bean(Schedules.class).create(schedule, null, CALLER)));
    }

    private Optional<Schedule> find(String schedule) {
        try {
            return Optional.of(bean(Schedules.class).find(schedule));
        } catch (ScheduleNotFound none) {
            return Optional.empty();
        }
    }

    @Override
    public OperationId workflow(WorkflowGraph graph) {
        return joined(() -> bean(Workflows.class).start(graph, CALLER).id());
    }

    private <T> T joined(Supplier<T> work) {
        var transactions = bean(ApplicationTransactions.class);
        return transactions.isActive() ? transactions.join(bean(DataSource.class), work) : work.get();
    }

    /// A bean of Longhaul's own context.
    public <T> T bean(Class<T> type) {
        var running = context;
        if (running == null) {
            throw new IllegalStateException("Longhaul starts after the beans of the application, and stops before "
                    + "them: use it from a request, a task, or an ApplicationRunner");
        }
        return running.getBean(type);
    }

    @Override
    public void start() {
        context = library.start();
        if (library.startsScheduledRuns()) {
            bean(TaskRegistry.class).scheduled().forEach((type, task) -> {
                var timing = Timing.Cron.of(task.cron(), task.zone());
                if (find(type).filter(known -> known.spec().timing().equals(timing)).isEmpty()) {
                    schedule(ScheduleSpec.of(type, timing, submission(type, Map.of())));
                }
            });
        }
    }

    @Override
    public void stop() {
        var running = context;
        context = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public boolean isRunning() {
        return context != null;
    }
}
