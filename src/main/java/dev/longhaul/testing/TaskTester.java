package dev.longhaul.testing;

import dev.longhaul.task.Task;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs one task without a database, on the thread of the test:
/// `TaskTester.of(new Import(files)).answer("approve", new Authorization(true, null)).run(input)`.
///
/// Steps run once under each name, sleeps pass at once, and input requests have the answers that the test gave.
public final class TaskTester<I, O> {

    private final Task<I, O> task;
    private final Map<String, Object> answers = new HashMap<>();
    private final Map<String, @Nullable Object> finished = new HashMap<>();

    private TaskTester(Task<I, O> task) {
        this.task = task;
    }

    public static <I, O> TaskTester<I, O> of(Task<I, O> task) {
        return new TaskTester<>(task);
    }

    /// The answer to the input request of this name.
    public TaskTester<I, O> answer(String name, Object answer) {
        answers.put(name, answer);
        return this;
    }

    /// The result of a step that an earlier attempt finished.
    public TaskTester<I, O> finished(String step, @Nullable Object result) {
        finished.put(step, result);
        return this;
    }

    /// @throws Exception what the task throws
    public TestedRun<O> run(I input) throws Exception {
        var context = new TestedContext(answers, finished);
        return new TestedRun<>(task.run(input, context), context);
    }
}
