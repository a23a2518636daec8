package dev.longhaul.engine;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.RunStore.Claim;
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

/// One run of one operation, as its node sees it: what its task has said and the database has not heard yet, and
/// whether it should stop. The task's thread writes here, the carrier takes from here.
final class Run {

    /// Why a run should end before its task is done.
    enum StopReason { PAUSE, LEAVE_AT_CHECKPOINT, RELEASE, CANCEL, TIME_OUT, STALLED, DEADLINE, LEASE_LOST }

    private final Claim claim;
    private final AuditSettings audit;
    private final RunLog log;
    private final long startedAt = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private Progress progress;
    private double floor;                                    // progress never falls within an attempt
    private @Nullable String conclusion;
    private volatile Redactor secrets = Redactor.NONE;  // what must not be seen of its input
    private final List<Step> steps = new ArrayList<>();      // finished and not yet committed
    private int committed;                                   // how many steps have been
    private int finished;                                    // how many steps are
    private boolean checkpointed;                            // a step has been committed in a transaction of its own
    private double sampledPercent;
    private long sampledAt = startedAt;
    private volatile long aliveAt = startedAt;               // when the task last gave a sign of life
    private @Nullable StopReason order;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable Thread thread;

    Run(Claim claim, AuditSettings audit) {
        this.claim = claim;
        this.audit = audit;
        this.log = new RunLog(audit.logLines());
        this.progress = claim.operation().progress();
        this.sampledPercent = progress.percent();
        this.floor = isFresh() ? 0 : progress.percent();
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

    /// True: this claim began an attempt; false: it goes on with one that slept or was released.
    boolean isFresh() {
        return claim.operation().updatedAt().equals(claim.operation().attemptStartedAt());
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /// The database's clock as far as this node knows it: the moment of the claim, plus what has passed since by the
    /// monotonic clock.
    Instant now() {
        return claim.operation().readAt().plus(age());
    }

    /// How long the task has given no sign of life.
    Duration silence() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - aliveAt));
    }

    // ── the task's side ─────────────────────────────────────────────────────────────────────────────────────────────

    void giveSignOfLife() {
        aliveAt = System.nanoTime();
    }

    void conceal(Redactor secrets) {
        this.secrets = secrets;
    }

    Redactor secrets() {
        return secrets;
    }

    void say(Progress said) {
        lock.lock();
        try {
            floor = Math.max(floor, said.percent());
            progress = secrets.in(new Progress(floor, said.current(), said.total(), said.message()));
        } finally {
            lock.unlock();
        }
    }

    void conclude(String message) {
        conclusion = secrets.in(message);
    }

    @Nullable String conclusion() {
        return conclusion;
    }

    /// @return which step it is, to wait for with [#awaitCommit]
    int finish(Step step) {
        giveSignOfLife();
        lock.lock();
        try {
            steps.add(step);
            return ++finished;
        } finally {
            lock.unlock();
        }
    }

    /// A step was committed together with the task's own writes; the carrier has only to tell of it.
    void checkpointed() {
        giveSignOfLife();
        lock.lock();
        try {
            checkpointed = true;
        } finally {
            lock.unlock();
        }
    }

    /// @return false if the run was told to stop before the step was committed
    boolean awaitCommit(int step) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (committed < step && order != StopReason.LEASE_LOST) {
                changed.await();
            }
            return committed >= step;
        } finally {
            lock.unlock();
        }
    }

    /// Waits, but not longer than until the run has to stop.
    void pause(Duration duration) throws InterruptedException {
        var nanos = duration.toNanos();
        aliveAt = System.nanoTime() + nanos;   // it says itself for how long nothing will be heard of it
        lock.lockInterruptibly();
        try {
            while (nanos > 0 && !mustStop()) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    // ── the carrier's side ──────────────────────────────────────────────────────────────────────────────────────────

    /// Takes what is new. It stays here until [#carried] says that it is safe.
    Report report() {
        lock.lock();
        try {
            var now = System.nanoTime();
            var sample = progress.percent() - sampledPercent >= audit.progressPercent()
                    || now - sampledAt >= audit.progressEvery().toNanos();
            return new Report(id(), runId(), progress, sample, checkpointed || !steps.isEmpty(), List.copyOf(steps),
                    log.pending());
        } finally {
            lock.unlock();
        }
    }

    void carried(Report report) {
        lock.lock();
        try {
            steps.subList(0, report.steps().size()).clear();
            log.carried(report.log().size());
            committed += report.steps().size();
            if (report.sample()) {
                sampledPercent = report.progress().percent();
                sampledAt = System.nanoTime();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean hasStepsToCarry() {
        lock.lock();
        try {
            return !steps.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    Progress progress() {
        lock.lock();
        try {
            return progress;
        } finally {
            lock.unlock();
        }
    }

    // ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The first order stands, unless a later one is more urgent. Returns whether this one is new.
    boolean order(StopReason given) {
        lock.lock();
        try {
            var isNew = order == null || given.compareTo(order) > 0 && order.compareTo(StopReason.CANCEL) < 0
                    || given == StopReason.LEASE_LOST && order != StopReason.LEASE_LOST;
            if (isNew) {
                order = given;
                changed.signalAll();
                if (order == StopReason.LEASE_LOST) {
                    log.close();
                }
            }
            return isNew;
        } finally {
            lock.unlock();
        }
    }

    @Nullable StopReason order() {
        lock.lock();
        try {
            return order;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody wants it to pause any more.
    void mayGoOn() {
        lock.lock();
        try {
            order = order == StopReason.PAUSE ? null : order;
        } finally {
            lock.unlock();
        }
    }

    boolean mustStop() {
        var given = order();
        return given != null && given.compareTo(StopReason.RELEASE) >= 0;
    }

    boolean mustStopAtCheckpoint() {
        return order() != null;
    }

    void runsOn(@Nullable Thread thread) {
        lock.lock();
        try {
            this.thread = thread;
        } finally {
            lock.unlock();
        }
    }

    /// True once: whoever asks first, the task's thread or whoever leaves it behind, says how the run ended.
    boolean endsFirst() {
        return !over.getAndSet(true);
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
