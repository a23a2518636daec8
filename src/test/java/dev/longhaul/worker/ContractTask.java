package dev.longhaul.worker;

import dev.longhaul.operation.Submission;
import dev.longhaul.task.Ask;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// The contract's script as a task of the engine.
@TaskType(value = "work_here", description = "The contract, in the engine.")
class ContractTask implements Task<ContractTask.Input, Object> {

    record Input(String scenario, String key) {}

    @Override
    public @Nullable Object run(Input input, TaskContext context) throws Exception {
        return ContractScript.play(input.scenario, input.key, new InEngine(context));
    }

    private record InEngine(TaskContext context) implements ContractScript {

        @Override
        public int attempt() {
            return context.attempt();
        }

        @Override
        public void report(double percent, String message) {
            context.report(percent, message);
        }

        @Override
        public void log(String line) {
            context.log(line);
        }

        @Override
        public String step(String name, Callable<String> body) throws Exception {
            return context.step(name, String.class, body);
        }

        @Override
        public void sleep(String name, Duration duration) throws Exception {
            context.sleep(duration);
        }

        @Override
        public boolean authorize(String name, String action) throws Exception {
            return context.authorize(name, Ask.authorization(action));
        }

        @Override
        public List<String> awaitChildren(String name, int count) throws Exception {
            var child = Submission.of("simulation", JsonNodeFactory.instance.objectNode().put("duration_seconds", 0)
                    .put("steps", 1));
            context.submitAll(name, Stream.generate(() -> child).limit(count).toList());
            return context.await().stream().map(over -> over.status().word()).toList();
        }

        @Override
        public void pause() throws Exception {
            context.pause(Duration.ofMillis(20));
            context.check();
        }
    }
}
