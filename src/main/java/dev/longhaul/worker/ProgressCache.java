package dev.longhaul.worker;

import dev.longhaul.engine.AuditSettings;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.task.NotRetryable;
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

/// How far the runs outside are, as this node heard: progress never falls within an attempt, and history gets a sample
/// of it. Of a run that it has not heard of it reads the row, so another node or a restart changes nothing.
@Component
class ProgressCache {

    private static final int MOST = 100_000;

    private final OperationStore store;
    private final TaskRegistry tasks;
    private final SecretCipher vault;
    private final AuditSettings audit;
    private final Map<UUID, Heard> runs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Heard> eldest) {
            return size() > MOST;
        }
    };

    /// @param floor   progress does not fall below it
    /// @param secrets of its input: what nobody but its worker may see
    private record Heard(Progress progress, double floor, double sampledPercent, long sampledAt, String type,
            Redactor secrets) {

        static Heard of(Operation operation, boolean isFresh, Redactor secrets) {
            return new Heard(operation.progress(), isFresh ? 0 : operation.progress().percent(),
                    operation.progress().percent(), System.nanoTime(), operation.type(), secrets);
        }
    }

    ProgressCache(OperationStore store, TaskRegistry tasks, SecretCipher vault, AuditSettings audit) {
        this.store = store;
        this.tasks = tasks;
        this.vault = vault;
        this.audit = audit;
    }

    void begin(Claim claim, Redactor secrets) {
        put(claim.runId(), Heard.of(claim.operation(), isFresh(claim), secrets));
    }

    /// True: this claim began an attempt; false: it goes on with one that slept or was released.
    static boolean isFresh(Claim claim) {
        return claim.operation().updatedAt().equals(claim.operation().attemptStartedAt());
    }

    void forget(UUID run) {
        synchronized (runs) {
            runs.remove(run);
        }
    }

    /// @param said nothing of it: null
    Report report(OperationId id, UUID run, @Nullable UnaryOperator<Progress> said, List<Step> steps,
            List<LogLine> log) {
        var before = heard(id, run);
        var now = System.nanoTime();
        var progress = said == null
                ? before.progress : before.secrets.in(raised(said.apply(before.progress), before.floor));
        var sample = progress.percent() - before.sampledPercent >= audit.progressPercent()
                || now - before.sampledAt >= audit.progressEvery().toNanos();
        put(run, new Heard(progress, Math.max(before.floor, progress.percent()), sample ? progress.percent()
                : before.sampledPercent, sample ? now : before.sampledAt, before.type, before.secrets));
        return new Report(id, run, progress, sample, !steps.isEmpty(), steps.stream().map(step -> kept(step, before))
                .toList(), concealed(log, before.secrets));
    }

    private Step kept(Step step, Heard heard) {
        return step.result() == null
                ? step : new Step(step.name(), vault.sealedStep(step.result(), heard.type, step.name(), heard.secrets));
    }

    static List<LogLine> concealed(List<LogLine> log, Redactor secrets) {
        return log.stream().map(line -> new LogLine(line.at(), line.level(), secrets.in(line.message()))).toList();
    }

    /// What nobody but its worker may see.
    ///
    /// @throws NoSuchOperation if there is none
    Redactor secrets(OperationId id, UUID run) {
        return heard(id, run).secrets;
    }

    /// What it said last.
    ///
    /// @throws NoSuchOperation if there is none
    Progress last(OperationId id, UUID run) {
        return heard(id, run).progress;
    }

    private static Progress raised(Progress said, double floor) {
        return said.percent() >= floor ? said : new Progress(floor, said.current(), said.total(), said.message());
    }

    private Heard heard(OperationId id, UUID run) {
        synchronized (runs) {
            var known = runs.get(run);
            if (known != null) {
                return known;
            }
        }
        var operation = store.find(id).orElseThrow(() -> new OperationNotFound(id));
        return Heard.of(operation, false, secrets(operation));
    }

    /// A worker that has the secrets got them from a service that could decrypt them; if this one cannot, it knows
    /// nothing to look for.
    private Redactor secrets(Operation operation) {
        try {
            return tasks.opened(operation.type(), operation.input()).secrets();
        } catch (NotRetryable unknown) {
            return Redactor.NONE;
        }
    }

    private void put(UUID run, Heard heard) {
        synchronized (runs) {
            runs.put(run, heard);
        }
    }
}
