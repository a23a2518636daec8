package dev.longhaul.engine;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RetryLater;
import dev.longhaul.task.RunStopped;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Runs the task of a claimed operation on a virtual thread, and turns the end into an outcome.
@Component
class TaskRunner {

    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

    private final RunContext.Tools tools;
    private final TaskRegistry tasks;
    private final WriteQueue queue;
    private final Node node;
    private final Timers timers;
    private final RetryDecider retries;
    private final EngineSettings settings;
    private final AuditSettings audit;
    private final RunMeters meters;
    private final RunSpans spans;
    private final OutputLimit limit;

    TaskRunner(RunContext.Tools tools, Timers timers, RetryDecider retries, EngineSettings settings,
            AuditSettings audit, RunMeters meters, RunSpans spans, OutputLimit limit) {
        this.tools = tools;
        this.tasks = tools.tasks();
        this.queue = tools.queue();
        this.node = tools.node();
        this.timers = timers;
        this.retries = retries;
        this.settings = settings;
        this.audit = audit;
        this.meters = meters;
        this.spans = spans;
        this.limit = limit;
    }

    void begin(Claim claim) {
        var run = new Run(claim, audit);
        node.add(run);
        try {
            begin(claim, run);
        } catch (RuntimeException failed) {   // the other claims of the batch must begin
            failToBegin(run, failed);
            queue.freeSlot();
        }
    }

    private void failToBegin(Run run, RuntimeException failed) {
        log.error("operation {}: its run could not begin", run.id(), failed);
        end(run, new Outcome.Failed(Failure.of(failed, run.secrets())));
    }

    private void begin(Claim claim, Run run) {
        var started = startTimers(run);
        Thread.ofVirtual().name("run-" + run.id()).start(() -> {
            run.runsOn(Thread.currentThread());
            try {
                meters.began(claim.operation());
                end(run, traced(run));
            } catch (RuntimeException failed) {   // of metrics or spans; the task's own failures are outcomes
                failToBegin(run, failed);
            } finally {
                run.runsOn(null);
                started.forEach(timer -> timer.cancel(false));
                queue.freeSlot();
            }
        });
        if (claim.operation().cancelRequestedAt() != null) {
            stop(run, StopReason.CANCEL);
        }
    }

    private List<Future<?>> startTimers(Run run) {
        var limits = run.claim().operation().limits();
        var started = new ArrayList<Future<?>>();
        if (limits.timeout() != null) {
            started.add(timers.in(limits.timeout(), () -> stop(run, StopReason.TIMEOUT)));
        }
        if (limits.deadline() != null) {
            started.add(timers.in(Duration.between(run.now(), limits.deadline()),
                    () -> stop(run, StopReason.DEADLINE)));
        }
        if (limits.heartbeatTimeout() != null) {
            timers.in(limits.heartbeatTimeout(), () -> checkHeartbeat(run, limits.heartbeatTimeout()));
        }
        return started;
    }

    private void checkHeartbeat(Run run, Duration timeout) {
        var left = timeout.minus(run.silence());
        if (!left.isPositive()) {
            stop(run, StopReason.STALLED);
        } else if (node.find(run.runId()).isPresent()) {
            timers.in(left, () -> checkHeartbeat(run, timeout));
        }
    }

    /// A task that has not stopped after the grace time is interrupted. One that ignores the interrupt has its end
    /// written by the node, and keeps its slot until its thread ends: a thread cannot be killed.
    void stop(Run run, StopReason reason) {
        if (run.stop(reason) && run.mustStop()) {
            timers.in(settings.cancelGrace(), () -> {
                run.interrupt();
                timers.in(settings.cancelGrace(), () -> {
                    if (node.find(run.runId()).isPresent()) {
                        log.warn("operation {}: its task does not stop ({}); the node ends the run", run.id(), reason);
                        end(run, stopped(run));
                    }
                });
            });
        }
    }

    private void end(Run run, @Nullable Outcome outcome) {
        if (!run.endsFirst()) {
            return;
        }
        if (outcome == null) {
            node.remove(run);
        } else {
            queue.end(run, outcome);
        }
    }

    private @Nullable Outcome traced(Run run) {
        var span = spans.begin(run.claim().operation());
        try (var _ = span.makeCurrent()) {
            log.debug("begins");   // the thread's log context has operation and attempt
            var outcome = outcome(run);
            log.debug("ends: {}", outcome);
            spans.end(span, outcome);
            return outcome;
        }
    }

    private @Nullable Outcome outcome(Run run) {
        var operation = run.claim().operation();
        var context = new RunContext(run, tools);
        try {
            var task = tasks.own(operation.type())
                    .orElseThrow(() -> new IllegalStateException("this node has no task of type " + operation.type()));
            var input = task.decrypted(operation.input());
            run.addSecrets(input.secrets());
            if (!run.claim().isFresh()) {
                run.addSecrets(run.repeat(() -> tools.answers().of(operation.id(), operation.type())));
            }
            return completed(run, task.run(input.input(), context));
        } catch (RunStopped stop) {
            if (context.waits() != null && !run.mustStop()) {
                return context.waits();
            }
            return run.stopReason() == null ? failed(run, stop) : stopped(run);
        } catch (NotRetryable | InvalidInput hopeless) {
            return new Outcome.Failed(Failure.of(hopeless, run.secrets()));
        } catch (Throwable thrown) {   // a task may throw anything, and the node has to live on
            return run.mustStop() ? stopped(run) : failed(run, thrown);
        }
    }

    private Outcome completed(Run run, @Nullable JsonNode output) {
        if (output == null) {
            return new Outcome.Completed(null, run.conclusion());
        }
        var shown = run.secrets().redact(output);
        try {
            StorableJson.required("the output", shown);
        } catch (IllegalArgumentException unstorable) {
            return new Outcome.Failed(Failure.of("output_unstorable", unstorable.getMessage()));
        }
        var excess = limit.excess(shown);
        return excess == null ? new Outcome.Completed(shown, run.conclusion())
                : new Outcome.Failed(Failure.of("output_too_large", "the task's " + excess));
    }

    private Outcome failed(Run run, Throwable thrown) {
        return failed(run, Failure.of(thrown, run.secrets()), thrown instanceof RetryLater later
                ? later.pause() : null);
    }

    private Outcome failed(Run run, Failure failure, @Nullable Duration pause) {
        return retries.failed(run.claim().operation(), failure, pause, run.now());
    }

    /// @return null: the run lost its lease, and its outcome is void
    private @Nullable Outcome stopped(Run run) {
        var limits = run.claim().operation().limits();
        return switch (run.stopReason()) {
            case CANCEL -> new Outcome.Cancelled();
            case TIMEOUT -> failed(run, RetryDecider.timeout(limits), null);
            case STALLED -> failed(run, RetryDecider.heartbeatTimeout(limits), null);
            case DEADLINE -> new Outcome.Failed(RetryDecider.deadline(limits));
            case RELEASE, LEAVE_AT_CHECKPOINT -> new Outcome.Released("its worker stopped");
            case PAUSE -> new Outcome.Released("paused at a checkpoint");
            case LEASE_LOST -> null;
            case null -> throw new IllegalStateException("the run has no reason to stop");
        };
    }
}
