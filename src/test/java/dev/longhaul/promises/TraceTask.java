package dev.longhaul.promises;

import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A task that leaves a trace outside of Longhaul's own tables with every step it executes, so that a test can tell
/// what was repeated.
@TaskType(value = "witness", description = "Leaves a row in table witness with every step.")
class TraceTask implements Task<TraceTask.Input, Void> {

    record Input(@Min(1) int steps, @Min(0) int millis) {}

    private final JdbcClient jdbc;

    TraceTask(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Void run(Input input, TaskContext context) throws Exception {
        for (var n = 1; n <= input.steps; n++) {
            var step = n;
            context.step("step-" + step, () -> {
                context.report(step, input.steps, "step " + step);
                jdbc.sql("insert into witness.executed (operation_id, step) values (:id, :step)")
                        .param("id", context.operationId().value()).param("step", "step-" + step).update();
                context.pause(Duration.ofMillis(input.millis));
            });
            context.transaction("once-" + step, Void.class, database -> {
                database.sql("insert into witness.once (operation_id, step) values (:id, :step)")
                        .param("id", context.operationId().value()).param("step", step).update();
                return null;
            });
        }
        return null;
    }
}
