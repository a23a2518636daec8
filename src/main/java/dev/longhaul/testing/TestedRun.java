package dev.longhaul.testing;

import dev.longhaul.operation.Submission;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a task did in a run of [TaskTester].
public final class TestedRun<O> {

    private final @Nullable O output;
    private final TestedContext context;

    TestedRun(@Nullable O output, TestedContext context) {
        this.output = output;
        this.context = context;
    }

    public @Nullable O output() {
        return output;
    }

    /// The steps that ran, in their order. Those that an earlier attempt finished are missing.
    public List<String> steps() {
        return List.copyOf(context.steps());
    }

    /// All reported percents and messages, e.g. `50.0 % halfway`.
    public List<String> reports() {
        return List.copyOf(context.reports());
    }

    /// Logged lines, e.g. `info: started`.
    public List<String> log() {
        return List.copyOf(context.lines());
    }

    /// The time that the task slept.
    public Duration slept() {
        return context.slept();
    }

    /// Submitted children, in their order.
    public List<Submission> children() {
        return List.copyOf(context.children());
    }
}
