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

/// Returns its value, fails on request, and waits at the gate of its key if there is one.
@TaskType(value = "echo", description = "Returns its value.")
class EchoTask implements Task<EchoTask.Input, Map<String, Object>> {

    /// @param failures calls that fail for good; -1: all
    /// @param retries  attempts that fail and are retried
    record Input(@Nullable Object value, @Nullable Integer failures, @Nullable String key, @Nullable Integer millis,
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
            throw new IllegalStateException("retry on request");
        }
        if (input.failures != null && (input.failures < 0 || call <= input.failures)) {
            throw new NotRetryable("failure on request");
        }
        var output = new HashMap<String, Object>();
        output.put("value", input.value);
        return output;
    }
}
