package dev.longhaul.engine;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.StepStore;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Stop;
import dev.longhaul.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs a claimed operation's task on a virtual thread of its own, and turns however that ends into an outcome.
@Component
class Runner implements Carrier.Consequences {

    private static final Logger log = LoggerFactory.getLogger(Runner.class);
    private static final int OUTPUT_LIMIT = 1 << 20;

    private final Tasks tasks;
    private final StepStore steps;
    private final News news;
    private final Node node;
    private final Alarm alarm;
    private final EngineSettings settings;
    private final Backoff backoff;
    private final JsonMapper json;

    Runner(Tasks tasks, StepStore steps, News news, Node node, Alarm alarm, EngineSettings settings, JsonMapper json) {
        this.tasks = tasks;
        this.steps = steps;
        this.news = news;
        this.node = node;
        this.alarm = alarm;
        this.settings = settings;
        this.backoff = new Backoff(settings.backoff(), settings.maxBackoff());
        this.json = json;
    }

    @Override
    public void begin(Claim claim) {
        var run = new Run(claim);
        node.add(run);
        var timeout = claim.operation().timeout();
        var timer = timeout == null ? null : alarm.in(timeout, () -> order(run, Run.Order.TIME_OUT));
        Thread.ofVirtual().name("run-" + run.id()).start(() -> {
            run.runsOn(Thread.currentThread());
            try {
                end(run, outcome(run));
            } finally {
                run.runsOn(null);
                if (timer != null) {
                    timer.cancel(false);
                }
                news.freeSlot();
            }
        });
        if (claim.operation().cancelRequestedAt() != null) {
            order(run, Run.Order.CANCEL);
        }
    }

    /// Tells a run to stop. One that has not noticed after the grace time is interrupted; one that does not mind that either has its end
    /// written for it and keeps its slot until its thread ends: a thread cannot be killed.
    @Override
    public void order(Run run, Run.Order order) {
        if (run.order(order) && run.mustStop()) {
            alarm.in(settings.cancelGrace(), () -> {
                run.interrupt();
                alarm.in(settings.cancelGrace(), () -> {
                    if (node.has(run.runId())) {
                        log.warn("operation {}: its task ignores the order to stop ({}) and is left behind", run.id(), order);
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

    private @Nullable Outcome outcome(Run run) {
        var operation = run.claim().operation();
        var context = new RunContext(run, news, steps, json);
        try {
            var task = tasks.find(operation.type()).orElseThrow(() -> new IllegalStateException("this node has no task of type " + operation.type()));
            return completed(run, task.run(operation.input(), context));
        } catch (Stop stop) {
            if (context.asleep() != null && !run.mustStop()) {
                return new Outcome.Slept(context.asleep(), stop.getMessage());
            }
            return run.order() == null ? failed(operation, stop) : ordered(run);
        } catch (NotRetryable | InvalidInput hopeless) {
            return new Outcome.Failed(Failure.of(hopeless));
        } catch (Throwable thrown) {   // a task may throw anything, and the node has to live on
            return run.mustStop() ? ordered(run) : failed(operation, thrown);
        }
    }

    private Outcome completed(Run run, @Nullable JsonNode output) {
        if (output == null) {
            return new Outcome.Completed(null, run.conclusion());
        }
        var clean = StorableJson.required("the output", StorableJson.cleaned(output));
        var size = json.writeValueAsString(clean).getBytes(StandardCharsets.UTF_8).length;
        if (size > OUTPUT_LIMIT) {
            return new Outcome.Failed(Failure.of("output_too_large", "the task's output must be at most " + OUTPUT_LIMIT + " bytes of JSON, not " + size));
        }
        return new Outcome.Completed(clean, run.conclusion());
    }

    private Outcome failed(Operation operation, Throwable thrown) {
        return failed(operation, Failure.of(thrown));
    }

    private Outcome failed(Operation operation, Failure failure) {
        var failures = operation.failures() + 1;
        return failures >= operation.maxAttempts()
                ? new Outcome.Failed(failure)
                : new Outcome.Retry(failure, backoff.after(failures, ThreadLocalRandom.current().nextDouble()));
    }

    /// @return null if nobody wants to hear of this run any more
    private @Nullable Outcome ordered(Run run) {
        return switch (run.order()) {
            case CANCEL -> new Outcome.Cancelled();
            case TIME_OUT -> failed(run.claim().operation(),
                    Failure.of("timeout", "the attempt took longer than its timeout of " + run.claim().operation().timeout()));
            case RELEASE, LEAVE_AT_CHECKPOINT -> new Outcome.Released("its worker stopped in order");
            case LEASE_LOST -> null;
            case null -> throw new IllegalStateException("the run has no order to stop");
        };
    }
}
