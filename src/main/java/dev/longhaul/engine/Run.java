package dev.longhaul.engine;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.LostConnections;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One run of one operation on its node: what its task reported and the database does not have yet, and whether it
/// must stop. The task's thread puts in; the [RunWriter] takes out.
final class Run {

    private final Claim claim;
    private final RunLog log;
    private final long startedAt = System.nanoTime();

    private final RunProgress progress;
    private @Nullable String conclusion;
    private final List<Step> steps = new ArrayList<>();      // finished and not yet written
    private int written;                                     // how many steps are in the database
    private int finished;                                    // how many steps are finished
    private volatile boolean isCheckpointed;                 // a step was committed in a transaction of its own
    private volatile long activeAt = startedAt;              // when the task was last heard of
    private @Nullable StopReason stopReason;
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private @Nullable Thread thread;

    Run(Claim claim, AuditSettings audit) {
        this.claim = claim;
        this.log = new RunLog(audit.logLines());
        this.progress = new RunProgress(claim.operation(), claim.runId(), claim.isFresh(), Redactor.NONE, audit);
    }

    Claim claim() {
        return claim;
    }

    OperationId id() {
        return claim.operation().id();
    }

    String queue() {
        return claim.operation().queue();
    }

    UUID runId() {
        return claim.runId();
    }

    RunLog log() {
        return log;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /// The database's clock as this node knows it: the time of the claim, plus the time since by the monotonic clock.
    Instant now() {
        return claim.operation().readAt().plus(age());
    }

    /// The time since the task was last heard of.
    Duration silence() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - activeAt));
    }

    // ── the task's side ─────────────────────────────────────────────────────────────────────────────────────────────

    void markActive() {
        activeAt = System.nanoTime();
    }

    /// @param more values that only the task may see
    void addSecrets(Redactor more) {
        progress.addSecrets(more);
    }

    Redactor secrets() {
        return progress.secrets();
    }

    /// Repeats a read, or an idempotent write, of the task while connections are lost and the run goes on.
    <T extends @Nullable Object> T repeat(Supplier<T> work) {
        return LostConnections.repeat(() -> !mustStop(), work);
    }

    void update(Progress reported) {
        progress.update(_ -> reported);
    }

    void conclude(String message) {
        conclusion = secrets().redact(message);
    }

    @Nullable String conclusion() {
        return conclusion;
    }

    /// @return the number of the step, for [#awaitWritten]
    synchronized int finish(Step step) {
        markActive();
        steps.add(step);
        return ++finished;
    }

    /// A step was committed together with the task's own writes; the next report says so.
    void checkpointed() {
        markActive();
        isCheckpointed = true;
    }

    /// @return false: the run lost its lease before the step was written
    synchronized boolean awaitWritten(int step) throws InterruptedException {
        while (written < step && stopReason != StopReason.LEASE_LOST) {
            wait();
        }
        return written >= step;
    }

    /// Returns early when the run must stop.
    synchronized void pause(Duration duration) throws InterruptedException {
        var until = System.nanoTime() + duration.toNanos();
        activeAt = until;   // the pause is no silence
        for (var left = duration.toNanos(); left > 0 && !mustStop(); left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    // ── the writer's side ───────────────────────────────────────────────────────────────────────────────────────────

    /// What is new. It stays here until [#written] removes it.
    synchronized Report report() {
        return progress.report(isCheckpointed || !steps.isEmpty(), List.copyOf(steps), log.pending());
    }

    End end(Outcome outcome) {
        return new End(id(), runId(), outcome, progress.newest(), log.pending());
    }

    synchronized void written(Report report) {
        steps.subList(0, report.steps().size()).clear();
        log.written(report.log().size());
        progress.written(report);
        written += report.steps().size();
        notifyAll();
    }

    synchronized boolean hasUnwrittenSteps() {
        return !steps.isEmpty();
    }

    // ── stopping ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The first reason stands, unless a later one is more urgent.
    ///
    /// @return whether this reason stands now
    synchronized boolean stop(StopReason reason) {
        var isNew = stopReason == null
                || reason.compareTo(stopReason) > 0 && stopReason.compareTo(StopReason.CANCEL) < 0
                || reason == StopReason.LEASE_LOST && stopReason != StopReason.LEASE_LOST;
        if (isNew) {
            stopReason = reason;
            notifyAll();
            if (reason == StopReason.LEASE_LOST) {
                log.close();
            }
        }
        return isNew;
    }

    synchronized @Nullable StopReason stopReason() {
        return stopReason;
    }

    /// The pause was withdrawn.
    synchronized void resume() {
        stopReason = stopReason == StopReason.PAUSE ? null : stopReason;
    }

    boolean mustStop() {
        var reason = stopReason();
        return reason != null && reason.compareTo(StopReason.RELEASE) >= 0;
    }

    boolean mustStopAtCheckpoint() {
        return stopReason() != null;
    }

    synchronized void runsOn(@Nullable Thread thread) {
        this.thread = thread;
    }

    /// Returns true for the first caller, which records the end.
    boolean endsFirst() {
        return !isEnded.getAndSet(true);
    }

    /// For a task that does not notice: most blocking calls end with an InterruptedException.
    synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
