package dev.longhaul.workflow;

import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Says what it is told to say, fails if it is told to, and waits at a gate if there is one of that name.
@TaskType(value = "parrot", description = "Says what it is told.")
class EchoTask implements Task<EchoTask.Input, Map<String, Object>> {

    /// @param failures how often it fails before it does not any more; -1: always
    /// @param retries  how many of its attempts fail so that they are tried again
    record Input(@Nullable Object say, @Nullable Integer failures, @Nullable String key, @Nullable Integer millis,
            @Nullable Integer retries) {}

    static final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    static final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    static CountDownLatch gate(String key) {
        return gates.computeIfAbsent(key, _ -> new CountDownLatch(1));
    }

    @Override
    public Map<String, Object> run(Input input, TaskContext context) throws Exception {
        var call = calls.computeIfAbsent(String.valueOf(input.key), _ -> new AtomicInteger()).incrementAndGet();
        if (input.key != null && gates.containsKey(input.key)) {
            gates.get(input.key).await();
        }
        if (input.millis != null) {
            context.pause(Duration.ofMillis(input.millis));
        }
        if (input.retries != null && context.attempt() <= input.retries) {
            throw new IllegalStateException("told to try again");
        }
        if (input.failures != null && (input.failures < 0 || call <= input.failures)) {
            throw new NotRetryable("told to fail");
        }
        var said = new HashMap<String, Object>();
        said.put("said", input.say);
        return said;
    }
}
