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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs a claimed operation's task on a virtual thread of its own, and turns however that ends into an outcome.
@Component
class TaskRunner implements RunWriter.Consequences {

    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);
    private static final int OUTPUT_LIMIT = 1 << 20;

    private final RunContext.Tools tools;
    private final TaskRegistry tasks;
    private final WriteQueue news;
    private final Node node;
    private final Timers alarm;
    private final RetryDecider attempts;
    private final EngineSettings settings;
    private final AuditSettings audit;
    private final RunMeters meters;
    private final RunSpans spans;
    private final JsonMapper json;

    TaskRunner(RunContext.Tools tools, Timers alarm, RetryDecider attempts, EngineSettings settings,
            AuditSettings audit, RunMeters meters,
           RunSpans spans) {
        this.tools = tools;
        this.tasks = tools.tasks();
        this.news = tools.news();
        this.node = tools.node();
        this.json = tools.json();
        this.alarm = alarm;
        this.attempts = attempts;
        this.settings = settings;
        this.audit = audit;
        this.meters = meters;
        this.spans = spans;
    }

    @Override
    public void begin(Claim claim) {
        var run = new Run(claim, audit);
        node.add(run);
        try {
            begin(claim, run);
        } catch (RuntimeException broken) {   // the others of its claim are to begin
            log.error("operation {}: its run could not begin", run.id(), broken);
            end(run, new Outcome.Failed(Failure.of(broken)));
            news.freeSlot();
        }
    }

    private void begin(Claim claim, Run run) {
        var timers = timers(run);
        Thread.ofVirtual().name("run-" + run.id()).start(() -> {
            run.runsOn(Thread.currentThread());
            try {
                meters.began(claim.operation());
                end(run, traced(run));
            } finally {
                run.runsOn(null);
                timers.forEach(timer -> timer.cancel(false));
                news.freeSlot();
            }
        });
        if (claim.operation().cancelRequestedAt() != null) {
            order(run, Run.StopReason.CANCEL);
        }
    }

    private List<Future<?>> timers(Run run) {
        var limits = run.claim().operation().limits();
        var timers = new ArrayList<Future<?>>();
        if (limits.timeout() != null) {
            timers.add(alarm.in(limits.timeout(), () -> order(run, Run.StopReason.TIME_OUT)));
        }
        if (limits.deadline() != null) {
            timers.add(alarm.in(Duration.between(run.now(), limits.deadline()),
                    () -> order(run, Run.StopReason.DEADLINE)));
        }
        if (limits.heartbeatTimeout() != null) {
            alarm.in(limits.heartbeatTimeout(), () -> lookForLife(run, limits.heartbeatTimeout()));
        }
        return timers;
    }

    private void lookForLife(Run run, Duration patience) {
        var left = patience.minus(run.silence());
        if (!left.isPositive()) {
            order(run, Run.StopReason.STALLED);
        } else if (node.has(run.runId())) {
            alarm.in(left, () -> lookForLife(run, patience));
        }
    }

    /// Tells a run to stop. One that has not noticed after the grace time is interrupted; one that does not mind that
    /// either has its end written for it and keeps its slot until its thread ends: a thread cannot be killed.
    @Override
    public void order(Run run, Run.StopReason order) {
        if (run.order(order) && run.mustStop()) {
            alarm.in(settings.cancelGrace(), () -> {
                run.interrupt();
                alarm.in(settings.cancelGrace(), () -> {
                    if (node.has(run.runId())) {
                        log.warn("operation {}: its task ignores the order to stop ({}) and is left behind", run.id(),
                                order);
                        end(run, ordered(run));
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
            news.end(run, outcome);
        }
    }

    private @Nullable Outcome traced(Run run) {
        var span = spans.begin(run.claim().operation());
        try (var _ = span.makeCurrent()) {
            log.debug("begins");   // its operation and attempt are in the thread's log context
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
            if (operation.input().isMissingNode()) {
                throw new NotRetryable("its input is JSON that cannot be read, e.g. a number of more than 1,000 digits");
            }
            var opened = task.opened(operation.input());
            run.conceal(opened.secrets());
            return completed(run, task.run(opened.input(), context));
        } catch (RunStopped stop) {
            if (context.waits() != null && !run.mustStop()) {
                return context.waits();
            }
            return run.order() == null ? failed(run, stop) : ordered(run);
        } catch (NotRetryable | InvalidInput hopeless) {
            return new Outcome.Failed(run.secrets().in(Failure.of(hopeless)));
        } catch (Throwable thrown) {   // a task may throw anything, and the node has to live on
            return run.mustStop() ? ordered(run) : failed(run, thrown);
        }
    }

    private Outcome completed(Run run, @Nullable JsonNode output) {
        if (output == null) {
            return new Outcome.Completed(null, run.conclusion());
        }
        var clean = StorableJson.required("the output", StorableJson.cleaned(run.secrets().in(output)));
        var size = json.writeValueAsString(clean).getBytes(StandardCharsets.UTF_8).length;
        if (size > OUTPUT_LIMIT) {
            return new Outcome.Failed(Failure.of("output_too_large", "the task's output must be at most " + OUTPUT_LIMIT
                    + " bytes of JSON, not " + size));
        }
        return new Outcome.Completed(clean, run.conclusion());
    }

    private Outcome failed(Run run, Throwable thrown) {
        return failed(run, run.secrets().in(Failure.of(thrown)), thrown instanceof RetryLater later
                ? later.pause() : null);
    }

    private Outcome failed(Run run, Failure failure, @Nullable Duration asked) {
        return attempts.failed(run.claim().operation(), failure, asked, run.now());
    }

    /// @return null if nobody wants to hear of this run any more
    private @Nullable Outcome ordered(Run run) {
        var limits = run.claim().operation().limits();
        return switch (run.order()) {
            case CANCEL -> new Outcome.Cancelled();
            case TIME_OUT -> failed(run, Failure.of("timeout", "the attempt took longer than its timeout of "
                    + limits.timeout()), null);
            case STALLED -> failed(run, Failure.of("heartbeat_timeout", "nothing was heard of it for "
                    + limits.heartbeatTimeout()), null);
            case DEADLINE -> new Outcome.Failed(Failure.of("deadline", "it was not over by its deadline, "
                    + limits.deadline()));
            case RELEASE, LEAVE_AT_CHECKPOINT -> new Outcome.Released("its worker stopped in order");
            case PAUSE -> new Outcome.Released("paused at a checkpoint");
            case LEASE_LOST -> null;
            case null -> throw new IllegalStateException("the run has no order to stop");
        };
    }
}
