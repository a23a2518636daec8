package dev.longhaul.engine;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The progress of one run as its service knows it. Progress never falls within an attempt, secrets of the input are
/// redacted, and a report becomes a history entry once it is far enough from the last entry.
public final class RunProgress {

    private final OperationId id;
    private final UUID runId;
    private final AuditSettings audit;
    private volatile Redactor secrets;
    private Progress progress;
    private double floor;
    private double sampledPercent;
    private long sampledAt = System.nanoTime();

    /// @param isFresh true: the run began an attempt, so progress starts anew
    public RunProgress(Operation operation, UUID runId, boolean isFresh, Redactor secrets, AuditSettings audit) {
        this.id = operation.id();
        this.runId = runId;
        this.audit = audit;
        this.secrets = secrets;
        this.progress = operation.progress();
        this.sampledPercent = progress.percent();
        this.floor = isFresh ? 0 : progress.percent();
    }

    public Redactor secrets() {
        return secrets;
    }

    public synchronized void addSecrets(Redactor more) {
        secrets = secrets.with(more);
    }

    /// @param change its message is redacted, and was before it was cut
    public synchronized void update(UnaryOperator<Progress> change) {
        var reported = change.apply(progress);
        floor = Math.max(floor, reported.percent());
        progress = secrets.redact(new Progress(floor, reported.current(), reported.total(), reported.message()));
    }

    public synchronized Progress newest() {
        return progress;
    }

    /// @param log redacted already
    public synchronized Report report(boolean isCheckpoint, List<Step> steps, List<LogLine> log) {
        var isSample = progress.percent() - sampledPercent >= audit.progressPercent()
                || System.nanoTime() - sampledAt >= audit.progressEvery().toNanos();
        return new Report(id, runId, progress, isSample, isCheckpoint, steps, log);
    }

    /// The database accepted the report.
    public synchronized void written(Report report) {
        if (report.sample() && report.progress() != null) {
            sampledPercent = report.progress().percent();
            sampledAt = System.nanoTime();
        }
    }
}
