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

/// The steps of one run: a step that an earlier attempt finished does not run again. For the task's thread alone.
final class RunSteps {

    /// The next quick step waits when so many are not committed.
    private static final int MAX_UNCOMMITTED = 1_000;

    private final Run run;
    private final RunContext.Tools tools;
    private @Nullable Map<String, JsonNode> finished;
    private int last;   // number of the last finished step

    RunSteps(Run run, RunContext.Tools tools) {
        this.run = run;
        this.tools = tools;
    }

    /// @param waits true: return after the commit
    <T> @Nullable T step(String given, Class<T> result, Callable<? extends @Nullable T> body, boolean waits)
            throws Exception {
        var name = redactedName(given);
        var known = finished(name);
        if (known != null) {
            return tools.json().treeToValue(known, result);
        }
        checkpoint();
        var value = body.call();
        var written = value == null
                ? null : StorableJson.required("the result of step " + name, tools.json().valueToTree(value));
        finish(new Step(name, written));
        await(waits ? last : last - MAX_UNCOMMITTED);
        return value;
    }

    /// Quick steps before it are committed first.
    <T> @Nullable T transaction(String given, Class<T> result, TransactionalWork<? extends @Nullable T> work)
            throws Exception {
        var name = redactedName(given);
        var known = finished(name);
        if (known != null) {
            return tools.json().treeToValue(known, result);
        }
        checkpoint();
        await(last);
        try {
            var value = tools.steps().transact(run.id(), run.runId(), name, work, made -> encrypted(name, made));
            remember(name, value == null ? null : encrypted(name, tools.json().valueToTree(value)));
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
        var stored = step.result() == null ? step : new Step(step.name(), encrypted(step.name(), step.result()));
        last = run.finish(stored);
        remember(stored.name(), stored.result());
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

    /// The result as it is stored.
    private JsonNode encrypted(String name, JsonNode result) {
        return tools.cipher().encryptedStep(result, run.claim().operation().type(), name, run.secrets());
    }

    /// @throws NotRetryable if its result is secret and cannot be decrypted
    @Nullable JsonNode finished(String name) throws NotRetryable {
        var stored = stored(name);
        return stored == null ? null : tools.cipher().decryptedStep(stored, run.claim().operation().type(), name);
    }

    private String redactedName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a step needs a name");
        }
        return Text.storable("the name of a step", run.secrets().redactName(name), 200);
    }

    @Nullable JsonNode stored(String name) {
        return all().get(name);
    }

    private void remember(String name, @Nullable JsonNode result) {
        all().put(name, result == null ? tools.json().getNodeFactory().nullNode() : result);
    }

    /// A fresh first attempt has no steps, so nothing is read.
    private Map<String, JsonNode> all() {
        if (finished == null) {
            finished = run.claim().isFresh() && run.claim().operation().attempt() == 1 ? new HashMap<>() : tools.steps()
                    .finished(run.id());
        }
        return finished;
    }
}
