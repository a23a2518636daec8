package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Returns its input, in which a workflow has filled the outputs of several nodes. See docs/tasks.md.
@TaskType(value = "compose", description = """
        Returns its value unchanged. Use it in a workflow to combine the outputs of several nodes.""")
class Compose implements Task<Compose.Input, Object> {

    record Input(@JsonPropertyDescription("The value to return") Object value) {}

    @Override
    public Object run(Input input, TaskContext context) {
        return input.value;
    }
}
