package dev.longhaul.engine;

import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.LeaseLost;
import dev.longhaul.store.LostConnections;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RunStopped;
import dev.longhaul.task.TransactionalWork;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/// The steps of one run: a step that an earlier attempt finished does not run again. For the task's thread alone.
final class RunSteps {

    /// The next quick step waits when so many are not committed.
    private static final int MAX_UNCOMMITTED = 1_000;

    private final Run run;
    private final RunContext.Tools tools;
    private @Nullable Map<String, JsonNode> finished;
    private final Set<String> unread = new HashSet<>();   // of `finished`: the task has not come to them yet
    private boolean isUnsure;   // the commit of a transactional step may have succeeded
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
            return read(name, known, result);
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
    ///
    /// @param isOfApplication true: the work writes to the application that has Longhaul as a library
    <T> @Nullable T transaction(String given, Class<T> result, TransactionalWork<? extends @Nullable T> work,
            boolean isOfApplication) throws Exception {
        var name = redactedName(given);
        var known = finished(name);
        if (known != null) {
            return read(name, known, result);
        }
        checkpoint();
        await(last);
        try {
            UnaryOperator<JsonNode> kept = made -> encrypted(name, made);
            var value = isOfApplication ? tools.steps().transactInApplication(run.id(), run.runId(), name, work, kept)
                    : tools.steps().transact(run.id(), run.runId(), name, work, kept);
            remember(name, value == null ? null : encrypted(name, tools.json().valueToTree(value)));
            run.checkpointed();
            tools.queue().report(run);
            return value;
        } catch (LeaseLost lost) {
            run.stop(StopReason.LEASE_LOST);
            throw new RunStopped(lost.getMessage());
        } catch (NestedRuntimeException failed) {
            isUnsure = true;
            finished = null;
            throw failed;
        }
    }

    /// As [#transaction], for work that touches nothing but the database: it is repeated after a lost connection.
    <T> @Nullable T repeatableTransaction(String name, Class<T> result,
            TransactionalWork<? extends @Nullable T> work) throws Exception {
        return LostConnections.call(() -> !run.mustStop(), () -> transaction(name, result, work, false));
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
        var stored = all().get(name);
        unread.remove(name);
        return stored;
    }

    /// Whether the run is where no earlier run was: it has asked for all steps that earlier runs finished.
    boolean isBeyondEarlierRuns() {
        all();
        return unread.isEmpty();
    }

    /// @throws NotRetryable if the result was stored by code whose type had other members
    private <T> @Nullable T read(String name, JsonNode stored, Class<T> result) throws NotRetryable {
        try {
            return tools.json().readerFor(result).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).readValue(stored);
        } catch (JacksonException unfit) {
            throw new NotRetryable("the stored result of step " + name + " does not fit " + result.getName()
                    + " (" + unfit.getOriginalMessage().split(";")[0] + "): code of another version stored it. Give "
                    + "the step a new name, or branch with TaskContext.version", unfit);
        }
    }

    private void remember(String name, @Nullable JsonNode result) {
        all().put(name, result == null ? tools.json().getNodeFactory().nullNode() : result);
    }

    /// A fresh first attempt has no steps, so nothing is read.
    private Map<String, JsonNode> all() {
        if (finished == null) {
            finished = !isUnsure && run.claim().isFresh() && run.claim().operation().attempt() == 1 ? new HashMap<>()
                    : run.repeat(() -> tools.steps().finished(run.id()));
            if (!isUnsure) {
                unread.addAll(finished.keySet());
            }
        }
        return finished;
    }
}
