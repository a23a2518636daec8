package dev.longhaul.engine;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.LeaseLost;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.StepStore;
import dev.longhaul.task.Stop;
import dev.longhaul.task.TaskContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a task sees of its run. Used by the task's thread alone.
final class RunContext implements TaskContext {

    /// A sleep up to this long stays on the thread; a longer one frees it.
    private static final Duration SHORT_SLEEP = Duration.ofSeconds(2);

    private final Run run;
    private final News news;
    private final StepStore store;
    private final JsonMapper json;
    private @Nullable Map<String, JsonNode> finished;
    private int sleeps;
    private @Nullable Duration asleep;

    RunContext(Run run, News news, StepStore store, JsonMapper json) {
        this.run = run;
        this.news = news;
        this.store = store;
        this.json = json;
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
        say(Progress.of(current, total, message));
    }

    @Override
    public void report(double percent, String message) {
        say(Progress.percent(percent, message));
    }

    private void say(Progress progress) {
        check();
        run.say(progress);
        news.hear(run);
    }

    @Override
    public <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception {
        var known = finished(name);
        if (known != null) {
            return json.treeToValue(known, result);
        }
        checkpoint();
        var value = body.call();
        var written = value == null ? null : StorableJson.required("the result of step " + name, json.valueToTree(value));
        commit(new Step(name, written));
        return value;
    }

    @Override
    public <T> @Nullable T transaction(String name, Class<T> result, StepStore.Work<? extends @Nullable T> work) throws Exception {
        var known = finished(name);
        if (known != null) {
            return json.treeToValue(known, result);
        }
        checkpoint();
        try {
            var value = store.transact(run.id(), run.runId(), name, work);
            steps().put(name, value == null ? json.getNodeFactory().nullNode() : json.valueToTree(value));
            run.checkpointed();
            news.hear(run);
            return value;
        } catch (LeaseLost lost) {
            run.order(Run.Order.LEASE_LOST);
            throw new Stop(lost.getMessage());
        }
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (!duration.isPositive()) {
            return;
        }
        var name = "sleep-" + ++sleeps;
        var known = finished(name);
        // The database's clock as far as this node knows it: the moment of the claim, plus what has passed since by the monotonic clock.
        var now = run.claim().operation().readAt().plus(run.age());
        if (known == null) {
            checkpoint();
            commit(new Step(name, json.valueToTree(now.plus(duration).toString())));
        }
        var until = Instant.parse(known == null ? now.plus(duration).toString() : known.asString());
        var left = Duration.between(now, until);
        if (left.compareTo(SHORT_SLEEP) > 0) {
            asleep = left;
            throw new Stop("sleeps until " + until);
        }
        run.pause(left);
        check();
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
        if (run.mustStop()) {
            throw new Stop("told to stop: " + run.order());
        }
    }

    @Override
    public Optional<Duration> remaining() {
        var timeout = run.claim().operation().timeout();
        return Optional.ofNullable(timeout).map(allowed -> allowed.minus(run.age()));
    }

    /// How long the run asked to sleep without a thread; null: it did not.
    @Nullable Duration asleep() {
        return asleep;
    }

    private void checkpoint() {
        if (run.mustStopAtCheckpoint()) {
            throw new Stop("told to stop: " + run.order());
        }
    }

    private void commit(Step step) throws InterruptedException {
        var number = run.finish(step);
        news.hear(run);
        if (!run.awaitCommit(number)) {
            throw new Stop("lost its lease before step " + step.name() + " was committed");
        }
        steps().put(step.name(), step.result() == null ? json.getNodeFactory().nullNode() : step.result());
    }

    private @Nullable JsonNode finished(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a step needs a name");
        }
        return steps().get(Text.storable("the name of a step", name, 200));
    }

    /// A fresh first attempt has no steps behind it, and is spared the look.
    private Map<String, JsonNode> steps() {
        if (finished == null) {
            finished = run.isFresh() && attempt() == 1 ? new HashMap<>() : store.finished(run.id());
        }
        return finished;
    }
}
