package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;

/// Makes one output of several: what a workflow fills into its value is what it returns. See docs/tasks.md.
@TaskType(value = "compose", description = """
        Returns the value it is given. Use it in a workflow to make one output of the outputs of several nodes.""")
class Compose implements Task<Compose.Input, Object> {

    record Input(@JsonPropertyDescription("What it returns") Object value) {}

    @Override
    public Object run(Input input, TaskContext context) {
        return input.value;
    }
}
