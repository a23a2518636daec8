package dev.longhaul.builtin;

import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Simulates work in steps of equal length. Each step is a checkpoint.
@TaskType(value = "simulation", aliases = "rehearsal", description = """
        Simulates long work: takes duration_seconds in total and reports progress after each step. Use it to try out \
        clients, streams and restarts. Returns the number of completed steps.""")
class Simulation implements Task<Simulation.Input, Simulation.Output> {

    /// @param durationSeconds total duration of all steps, 0 to 30 days
    record Input(@Min(0) @Max(2_592_000) double durationSeconds, @Min(1) @Max(10_000) int steps) {}

    record Output(String taskType, int stepsCompleted, double durationSeconds, String summary) {}

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        var stepDuration = Duration.ofNanos((long) (input.durationSeconds / input.steps * 1e9));
        for (var n = 1; n <= input.steps; n++) {
            var step = n;
            context.step("step-" + step, () -> {
                context.report(step, input.steps, "Processing step %d/%d - %s".formatted(step, input.steps,
                        context.type()));
                context.pause(stepDuration);
            });
        }
        var summary = "Completed " + input.steps + " steps successfully";
        context.conclude(summary);
        return new Output(context.type(), input.steps, input.durationSeconds, summary);
    }
}
