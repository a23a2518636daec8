package dev.longhaul.engine;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.ChildStore;
import dev.longhaul.store.InputRequestStore;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.StepStore;
import dev.longhaul.task.Ask;
import dev.longhaul.task.Child;
import dev.longhaul.task.InputRequestExpired;
import dev.longhaul.task.RunStopped;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TransactionalWork;
import dev.longhaul.types.AnswerSecrets;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.SecretCipher;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The context of a run. For the task's thread alone.
final class RunContext implements TaskContext {

    /// A longer sleep ends the run and frees its thread.
    private static final Duration SHORT_SLEEP = Duration.ofSeconds(2);

    private final Run run;
    private final Tools tools;
    private final WriteQueue queue;
    private final JsonMapper json;
    private final RunSteps steps;
    private int sleeps;
    private Outcome.@Nullable Waits waits;

    /// The collaborators of all contexts of a node.
    @Component
    record Tools(WriteQueue queue, StepStore steps, ChildStore children, InputRequestStore questions,
            AnswerSecrets answers, TaskRegistry tasks, InputTypes inputs, SecretCipher cipher, Node node,
            JsonMapper json) {}

    RunContext(Run run, Tools tools) {
        this.run = run;
        this.tools = tools;
        this.queue = tools.queue();
        this.json = tools.json();
        this.steps = new RunSteps(run, tools);
    }

    @Override
    public OperationId operationId() {
        return run.id();
    }

    @Override
    public String type() {
        return run.claim().operation().type();
    }

    @Override
    public int attempt() {
        return run.claim().operation().attempt();
    }

    @Override
    public void report(long current, long total, String message) {
        say(Progress.of(current, total, redacted(message)));
    }

    @Override
    public void report(double percent, String message) {
        say(Progress.percent(percent, redacted(message)));
    }

    /// A message is redacted before it is cut.
    private @Nullable String redacted(@Nullable String message) {
        return message == null ? null : run.secrets().redact(message);
    }

    @Override
    public void log(LogLine.Level level, String message) {
        check();
        try {
            run.log().add(new LogLine(run.now(), level, run.secrets().redact(message)));
            queue.report(run);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            check();
        }
    }

    private void say(Progress progress) {
        check();
        run.update(progress);
        queue.report(run);
    }

    @Override
    public <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception {
        return steps.step(name, result, body, true);
    }

    @Override
    public <T> @Nullable T quickStep(String name, Class<T> result, Callable<? extends @Nullable T> body)
            throws Exception {
        return steps.step(name, result, body, false);
    }

    @Override
    public <T> @Nullable T transaction(String name, Class<T> result, TransactionalWork<? extends @Nullable T> work)
            throws Exception {
        return steps.transaction(name, result, work,
                tools.tasks().own(type()).filter(task -> !task.isShipped()).isPresent());
    }

    @Override
    public boolean version(String change) throws InterruptedException {
        var name = "version-" + change;
        if (steps.stored(name) != null) {
            return true;
        }
        if (!steps.isBeyondEarlierRuns()) {
            return false;
        }
        steps.commit(new Step(name, json.getNodeFactory().booleanNode(true)));
        return true;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (!duration.isPositive()) {
            return;
        }
        var name = "sleep-" + ++sleeps;
        var known = steps.stored(name);
        var now = run.now();
        if (known == null) {
            steps.checkpoint();
            steps.commit(new Step(name, json.valueToTree(now.plus(duration).toString())));
        }
        var until = Instant.parse(known == null ? now.plus(duration).toString() : known.asString());
        var left = Duration.between(now, until);
        if (left.compareTo(SHORT_SLEEP) > 0) {
            throw waiting(new Outcome.Waits(WaitReason.TIME, left, Set.of(), "sleeps until " + until));
        }
        run.pause(left);
        check();
    }

    private RunStopped waiting(Outcome.Waits outcome) {
        waits = outcome;
        return new RunStopped(outcome.reason());
    }

    @Override
    public JsonNode json(Object input) {
        return tools.inputs().json().valueToTree(input);
    }

    @Override
    public OperationId submit(String name, Submission child, double weight) throws Exception {
        var checked = child(child);
        return OperationId.parse(steps.repeatableTransaction(name, String.class,
                _ -> tools.children().submit(run.id(), checked, weight, caller()).toString()));
    }

    @Override
    public List<OperationId> submitAll(String name, List<Submission> children) throws Exception {
        var checked = children.stream().map(this::child).toList();
        var ids = steps.repeatableTransaction(name, String[].class,
                _ -> tools.children().submitAll(run.id(), checked, caller()).stream().map(OperationId::toString)
                .toArray(String[]::new));
        return Arrays.stream(ids).map(OperationId::parse).toList();
    }

    private Submission child(Submission child) {
        if (child.idempotencyKey() != null) {
            throw new IllegalArgumentException("a child needs no idempotency key: it is submitted once under its name");
        }
        var traced = child.withTraceParent(RunSpans.traceParent(run.claim().operation()));
        return tools.tasks().checkedChild(traced, run.secrets());
    }

    private Caller caller() {
        return new Caller("operation " + run.id(), "engine");
    }

    @Override
    public List<Child> await(Collection<OperationId> children) {
        var wanted = Set.copyOf(children);
        var found = run.repeat(() -> tools.children().find(run.id(), children));
        if (found.size() < wanted.size()) {
            var strange = new HashSet<>(wanted);
            found.forEach(child -> strange.remove(child.id()));
            throw new IllegalArgumentException(strange + " were not submitted by this operation");
        }
        return overOrWait(found, wanted);
    }

    @Override
    public List<Child> await() {
        return overOrWait(run.repeat(() -> tools.children().children(run.id())), Set.of());
    }

    @Override
    public void join() {
        steps.checkpoint();
        if (run.repeat(() -> tools.children().hasUnfinished(run.id()))) {
            throw waiting(new Outcome.Waits(WaitReason.OPERATIONS, null, Set.of(), "waits for its operations"));
        }
    }

    private List<Child> overOrWait(List<Operation> children, Set<OperationId> awaited) {
        steps.checkpoint();
        var unfinished = children.stream().filter(child -> !child.isOver()).count();
        if (unfinished > 0) {
            throw waiting(new Outcome.Waits(WaitReason.OPERATIONS, null, awaited, "waits for " + unfinished
                    + " operations"));
        }
        return children.stream().map(child -> new Child(child.id(), child.type(), child.status(), child.output(),
                child.error())).toList();
    }

    @Override
    public void pose(String name, Class<?> answer, Ask ask) {
        steps.checkpoint();
        PendingInputRequest.of(run, tools, name, answer, ask);
    }

    @Override
    public <T> T ask(String name, Class<T> answer, Ask ask) throws InputRequestExpired {
        steps.checkpoint();
        var inquiry = PendingInputRequest.of(run, tools, name, answer, ask);
        var wait = inquiry.waits();
        if (wait.isPresent()) {
            throw waiting(wait.get());
        }
        return inquiry.answer();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        run.pause(duration);
        check();
    }

    @Override
    public void conclude(String message) {
        run.conclude(message);
    }

    @Override
    public void check() {
        run.markActive();
        if (run.mustStop()) {
            throw new RunStopped("told to stop: " + run.stopReason());
        }
    }

    @Override
    public Optional<Duration> remaining() {
        return Optional.ofNullable(run.claim().operation().limits().timeout()).map(allowed -> allowed.minus(run.age()));
    }

    /// The wait that ended the run; null: none.
    Outcome.@Nullable Waits waits() {
        return waits;
    }
}
