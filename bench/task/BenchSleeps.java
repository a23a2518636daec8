package dev.longhaul.bench;

import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Sleeps for three days, as an operation does that waits for something slow.
@TaskType("bench_sleeps")
class BenchSleeps implements Task<BenchSleeps.Input, Void> {

    record Input() {}

    @Override
    public @Nullable Void run(Input input, TaskContext context) throws InterruptedException {
        context.sleep(Duration.ofDays(3));
        return null;
    }
}
