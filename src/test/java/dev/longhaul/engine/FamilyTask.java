package dev.longhaul.engine;

import dev.longhaul.operation.Limits;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.task.Child;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Submits children and waits for them.
@TaskType(value = "family", description = "Starts children that do tricks.")
class FamilyTask implements Task<FamilyTask.Input, Map<String, Object>> {

    /// @param generations how many there are below this one
    record Input(String trick, String key, int children, int generations) {}

    @Override
    public Map<String, Object> run(Input input, TaskContext context) throws Exception {
        ScriptedTask.calls("runs " + context.operationId()).incrementAndGet();
        var children = switch (input.trick) {
            case "one by one" -> IntStream.range(0, input.children).mapToObj(n -> one(input, n, context)).toList();
            default -> context.submitAll("children",
                    IntStream.range(0, input.children).mapToObj(n -> child(input, n, context)).toList());
        };
        var awaited = input.trick.equals("the first only")
                ? context.await(children.subList(0, 1)) : context.await(children);
        return Map.of("children", awaited.size(), "completed", awaited.stream().filter(Child::isCompleted).count(),
                "first", awaited.getFirst().status().word());
    }

    private static OperationId one(Input input, int n, TaskContext context) {
        try {
            return context.submit("child-" + n, child(input, n, context), n + 1);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Submission child(Input input, int n, TaskContext context) {
        if (input.generations > 1) {
            return Submission.of("family",
                    context.json(new Input(input.trick, input.key, input.children, input.generations - 1)));
        }
        var trick = input.trick.equals("the first only") && n == 0 ? "pause a moment" : switch (input.trick) {
            case "all but the first fail" -> n == 0 ? "pause a moment" : "fail for good";
            case "wait at gates", "one by one", "the first only" -> "wait at the gate";
            case "work until told" -> "work until told";
            default -> "pause a moment";
        };
        return Submission.of("tricks", context.json(Map.of("trick", trick, "key", input.key + "-" + n)))
                .with(limits -> Limits.DEFAULT.withMaxAttempts(1));
    }
}
