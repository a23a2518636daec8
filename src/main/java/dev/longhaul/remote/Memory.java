package dev.longhaul.remote;

import dev.longhaul.engine.AuditSettings;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.web.NoSuchOperation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// How far the runs outside are, as this node heard: progress never falls within an attempt, and history gets a sample of it. Of a run that it
/// has not heard of it reads the row, so another node or a restart changes nothing.
@Component
class Memory {

    private static final int MOST = 100_000;

    private final OperationStore store;
    private final AuditSettings audit;
    private final Map<UUID, Heard> runs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Heard> eldest) {
            return size() > MOST;
        }
    };

    /// @param floor progress does not fall below it
    private record Heard(Progress progress, double floor, double sampledPercent, long sampledAt) {

        static Heard of(Operation operation, boolean isFresh) {
            return new Heard(operation.progress(), isFresh ? 0 : operation.progress().percent(), operation.progress().percent(), System.nanoTime());
        }
    }

    Memory(OperationStore store, AuditSettings audit) {
        this.store = store;
        this.audit = audit;
    }

    void begin(Claim claim) {
        put(claim.runId(), Heard.of(claim.operation(), isFresh(claim)));
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
    Report report(OperationId id, UUID run, @Nullable UnaryOperator<Progress> said, List<Step> steps, List<LogLine> log) {
        var before = heard(id, run);
        var now = System.nanoTime();
        var progress = said == null ? before.progress : raised(said.apply(before.progress), before.floor);
        var sample = progress.percent() - before.sampledPercent >= audit.progressPercent() || now - before.sampledAt >= audit.progressEvery().toNanos();
        put(run, new Heard(progress, Math.max(before.floor, progress.percent()), sample ? progress.percent() : before.sampledPercent, sample ? now : before.sampledAt));
        return new Report(id, run, progress, sample, !steps.isEmpty(), steps, log);
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
        return Heard.of(store.find(id).orElseThrow(() -> new NoSuchOperation(id)), false);
    }

    private void put(UUID run, Heard heard) {
        synchronized (runs) {
            runs.put(run, heard);
        }
    }
}
