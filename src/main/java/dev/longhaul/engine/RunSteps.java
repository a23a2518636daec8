package dev.longhaul.engine;

import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.LeaseLost;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.StepStore;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RunStopped;
import dev.longhaul.task.TransactionalWork;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The checkpoints of one run: what earlier attempts have finished is not done again. Used by the task's thread alone.
final class RunSteps {

    /// So many quick steps may wait for their commit; the next one waits with them.
    private static final int MOST_UNCOMMITTED = 1_000;

    private final Run run;
    private final RunContext.Tools tools;
    private @Nullable Map<String, JsonNode> finished;
    private int last;   // of the steps handed to the carrier

    RunSteps(Run run, RunContext.Tools tools) {
        this.run = run;
        this.tools = tools;
    }

    /// @param waits whether to return only when the step is committed
    <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body, boolean waits)
            throws Exception {
        var known = finished(name);
        if (known != null) {
            return tools.json().treeToValue(known, result);
        }
        checkpoint();
        var value = body.call();
        var written = value == null
                ? null : StorableJson.required("the result of step " + name, tools.json().valueToTree(value));
        finish(new Step(name, written));
        await(waits ? last : last - MOST_UNCOMMITTED);
        return value;
    }

    /// The quick steps before it are committed before it is.
    <T> @Nullable T transaction(String name, Class<T> result, TransactionalWork<? extends @Nullable T> work)
            throws Exception {
        var known = finished(name);
        if (known != null) {
            return tools.json().treeToValue(known, result);
        }
        checkpoint();
        await(last);
        try {
            var value = tools.steps().transact(run.id(), run.runId(), name, work, made -> kept(name, made));
            remember(name, value == null ? null : kept(name, tools.json().valueToTree(value)));
            run.checkpointed();
            tools.queue().report(run);
            return value;
        } catch (LeaseLost lost) {
            run.stop(StopReason.LEASE_LOST);
            throw new RunStopped(lost.getMessage());
        }
    }

    void commit(Step step) throws InterruptedException {
        finish(step);
        await(last);
    }

    private void finish(Step step) {
        var kept = step.result() == null ? step : new Step(step.name(), kept(step.name(), step.result()));
        last = run.finish(kept);
        remember(kept.name(), kept.result());
        tools.queue().report(run);
    }

    private void await(int step) throws InterruptedException {
        if (!run.awaitWritten(step)) {
            throw new RunStopped("lost its lease before its last step was committed");
        }
    }

    void checkpoint() {
        if (run.mustStopAtCheckpoint()) {
            throw new RunStopped("told to stop: " + run.stopReason());
        }
    }

    /// What is stored of a result.
    private JsonNode kept(String name, JsonNode result) {
        return tools.cipher().sealedStep(result, run.claim().operation().type(), name, run.secrets());
    }

    /// @throws NotRetryable if its result is secret and cannot be decrypted
    @Nullable JsonNode finished(String name) throws NotRetryable {
        var stored = stored(name);
        return stored == null ? null : tools.cipher().openedStep(stored, run.claim().operation().type(), name);
    }

    @Nullable JsonNode stored(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a step needs a name");
        }
        return all().get(Text.storable("the name of a step", name, 200));
    }

    private void remember(String name, @Nullable JsonNode result) {
        all().put(name, result == null ? tools.json().getNodeFactory().nullNode() : result);
    }

    /// A fresh first attempt has no steps behind it, and is spared the look.
    private Map<String, JsonNode> all() {
        if (finished == null) {
            finished = run.claim().isFresh() && run.claim().operation().attempt() == 1 ? new HashMap<>() : tools.steps()
                    .finished(run.id());
        }
        return finished;
    }
}
