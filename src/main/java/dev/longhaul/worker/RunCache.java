package dev.longhaul.worker;

import dev.longhaul.engine.AuditSettings;
import dev.longhaul.engine.RunProgress;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.AnswerSecrets;
import dev.longhaul.types.SecretCipher;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.web.OperationNotFound;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The progress and the secrets of remote runs. For an unknown run it reads the row, so another node or a restart
/// changes nothing. The next request of a run may go to another node, so the progress here may be outdated: a request
/// without progress writes none.
@Component
class RunCache {

    private static final int MAX_RUNS = 100_000;

    private final OperationStore store;
    private final TaskRegistry tasks;
    private final SecretCipher cipher;
    private final AnswerSecrets answers;
    private final AuditSettings audit;
    private final Map<UUID, RemoteRun> runs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, RemoteRun> eldest) {
            return size() > MAX_RUNS;
        }
    };

    private record RemoteRun(OperationId id, String type, RunProgress progress) {}

    RunCache(OperationStore store, TaskRegistry tasks, SecretCipher cipher, AnswerSecrets answers,
            AuditSettings audit) {
        this.store = store;
        this.tasks = tasks;
        this.cipher = cipher;
        this.answers = answers;
        this.audit = audit;
    }

    /// @param input secrets of the input
    /// @return all secrets that the worker may see
    Redactor begin(Claim claim, Redactor input) {
        var operation = claim.operation();
        var secrets = claim.isFresh() ? input : input.with(answers.of(operation.id(), operation.type()));
        put(operation, claim.runId(), claim.isFresh(), secrets);
        return secrets;
    }

    /// The worker gets further values that only it may see.
    ///
    /// @throws OperationNotFound if there is no such operation
    void addSecrets(OperationId id, UUID runId, Redactor more) {
        find(id, runId).progress.addSecrets(more);
    }

    private RemoteRun put(Operation operation, UUID runId, boolean isFresh, Redactor secrets) {
        var progress = new RunProgress(operation, runId, isFresh, secrets, audit);
        var run = new RemoteRun(operation.id(), operation.type(), progress);
        synchronized (runs) {
            runs.put(runId, run);
        }
        return run;
    }

    void remove(UUID runId) {
        synchronized (runs) {
            runs.remove(runId);
        }
    }

    /// @param change null: no new progress
    /// @param log    redacted already
    /// @throws OperationNotFound if there is no such operation
    Report report(OperationId id, UUID runId, @Nullable UnaryOperator<Progress> change, List<Step> steps,
            List<LogLine> log) {
        var run = find(id, runId);
        if (change != null) {
            run.progress.update(change);
        }
        var report = run.progress.report(!steps.isEmpty(), steps.stream().map(step -> stored(step, run)).toList(), log);
        return change != null ? report : new Report(id, runId, null, false, report.checkpoint(), report.steps(), log);
    }

    private Step stored(Step step, RemoteRun run) {
        var secrets = run.progress.secrets();
        var name = secrets.redactName(step.name());
        return new Step(name, step.result() == null ? null
                : cipher.encryptedStep(step.result(), run.type, name, secrets));
    }

    void written(Report report) {
        synchronized (runs) {
            var run = runs.get(report.runId());
            if (run != null) {
                run.progress.written(report);
            }
        }
    }

    /// @throws OperationNotFound if there is no such operation
    End end(OperationId id, UUID runId, Outcome outcome, List<LogLine> log) {
        find(id, runId);
        return new End(id, runId, outcome, null, log);
    }

    /// Only the worker may see these values.
    ///
    /// @throws OperationNotFound if there is no such operation
    Redactor secrets(OperationId id, UUID runId) {
        return find(id, runId).progress.secrets();
    }

    private RemoteRun find(OperationId id, UUID runId) {
        synchronized (runs) {
            var known = runs.get(runId);
            if (known != null && known.id.equals(id)) {
                return known;
            }
        }
        var operation = store.find(id).orElseThrow(() -> new OperationNotFound(id));
        return put(operation, runId, false, secrets(operation));
    }

    /// A worker got its secrets from a node that could decrypt them. A node that cannot has nothing to redact.
    private Redactor secrets(Operation operation) {
        try {
            return tasks.decrypted(operation.type(), operation.input()).secrets()
                    .with(answers.of(operation.id(), operation.type()));
        } catch (NotRetryable undecryptable) {
            return Redactor.NONE;
        }
    }
}
