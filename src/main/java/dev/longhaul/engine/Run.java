package dev.longhaul.engine;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One run of one operation on its node: what its task reported and the database does not have yet, and whether it
/// must stop. The task's thread puts in; the [RunWriter] takes out.
final class Run {

    private final Claim claim;
    private final RunLog log;
    private final long startedAt = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final RunProgress progress;
    private @Nullable String conclusion;
    private final List<Step> steps = new ArrayList<>();      // finished and not yet written
    private int written;                                     // how many steps are in the database
    private int finished;                                    // how many steps are finished
    private boolean isCheckpointed;                          // a step was committed in a transaction of its own
    private volatile long activeAt = startedAt;              // when the task was last heard of
    private @Nullable StopReason stopReason;
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private @Nullable Thread thread;

    Run(Claim claim, AuditSettings audit) {
        this.claim = claim;
        this.log = new RunLog(audit.logLines());
        this.progress = new RunProgress(claim.operation(), claim.runId(), claim.isFresh(), Redactor.NOTHING, audit);
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

    /// @param secrets of the input: nobody but the task may see them
    void redact(Redactor secrets) {
        progress.redact(secrets);
    }

    Redactor secrets() {
        return progress.secrets();
    }

    void update(Progress reported) {
        progress.update(_ -> reported);
    }

    void conclude(String message) {
        conclusion = secrets().in(message);
    }

    @Nullable String conclusion() {
        return conclusion;
    }

    /// @return the number of the step, for [#awaitWritten]
    int finish(Step step) {
        markActive();
        lock.lock();
        try {
            steps.add(step);
            return ++finished;
        } finally {
            lock.unlock();
        }
    }

    /// A step was committed together with the task's own writes; the next report says so.
    void checkpointed() {
        markActive();
        lock.lock();
        try {
            isCheckpointed = true;
        } finally {
            lock.unlock();
        }
    }

    /// @return false: the run lost its lease before the step was written
    boolean awaitWritten(int step) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (written < step && stopReason != StopReason.LEASE_LOST) {
                changed.await();
            }
            return written >= step;
        } finally {
            lock.unlock();
        }
    }

    /// Returns early when the run must stop.
    void pause(Duration duration) throws InterruptedException {
        var nanos = duration.toNanos();
        activeAt = System.nanoTime() + nanos;   // the pause is no silence
        lock.lockInterruptibly();
        try {
            while (nanos > 0 && !mustStop()) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    // ── the writer's side ───────────────────────────────────────────────────────────────────────────────────────────

    /// What is new. It stays here until [#written] removes it.
    Report report() {
        lock.lock();
        try {
            return progress.report(isCheckpointed || !steps.isEmpty(), List.copyOf(steps), log.pending());
        } finally {
            lock.unlock();
        }
    }

    End end(Outcome outcome) {
        return new End(id(), runId(), outcome, progress.newest(), log.pending());
    }

    void written(Report report) {
        lock.lock();
        try {
            steps.subList(0, report.steps().size()).clear();
            log.written(report.log().size());
            progress.written(report);
            written += report.steps().size();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean hasUnwrittenSteps() {
        lock.lock();
        try {
            return !steps.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // ── stopping ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The first reason stands, unless a later one is more urgent.
    ///
    /// @return whether this reason stands now
    boolean stop(StopReason reason) {
        lock.lock();
        try {
            var isNew = stopReason == null
                    || reason.compareTo(stopReason) > 0 && stopReason.compareTo(StopReason.CANCEL) < 0
                    || reason == StopReason.LEASE_LOST && stopReason != StopReason.LEASE_LOST;
            if (isNew) {
                stopReason = reason;
                changed.signalAll();
                if (reason == StopReason.LEASE_LOST) {
                    log.close();
                }
            }
            return isNew;
        } finally {
            lock.unlock();
        }
    }

    @Nullable StopReason stopReason() {
        lock.lock();
        try {
            return stopReason;
        } finally {
            lock.unlock();
        }
    }

    /// The pause was withdrawn.
    void resume() {
        lock.lock();
        try {
            stopReason = stopReason == StopReason.PAUSE ? null : stopReason;
        } finally {
            lock.unlock();
        }
    }

    boolean mustStop() {
        var reason = stopReason();
        return reason != null && reason.compareTo(StopReason.RELEASE) >= 0;
    }

    boolean mustStopAtCheckpoint() {
        return stopReason() != null;
    }

    void runsOn(@Nullable Thread thread) {
        lock.lock();
        try {
            this.thread = thread;
        } finally {
            lock.unlock();
        }
    }

    /// Returns true for the first caller, which records the end.
    boolean endsFirst() {
        return !isEnded.getAndSet(true);
    }

    /// For a task that does not notice: most blocking calls end with an InterruptedException.
    void interrupt() {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
