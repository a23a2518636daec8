package dev.longhaul.worker;

import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RetryLater;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The script of the contract, which runs as a task of the engine and as a remote worker.
interface ContractScript {

    int attempt();

    void report(double percent, String message) throws Exception;

    void log(String line) throws Exception;

    /// @return the result of this or an earlier attempt
    String step(String name, Callable<String> body) throws Exception;

    void sleep(String name, Duration duration) throws Exception;

    boolean authorize(String name, String action) throws Exception;

    /// @return the statuses of the children, after their end
    List<String> awaitChildren(String name, int count) throws Exception;

    /// A short pause, in which it notices a command.
    void pause() throws Exception;

    Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    static AtomicInteger calls(String key) {
        return calls.computeIfAbsent(key, _ -> new AtomicInteger());
    }

    static CountDownLatch gate(String key) {
        return gates.computeIfAbsent(key, _ -> new CountDownLatch(1));
    }

    /// @return its output
    static @Nullable Object play(String scenario, String key, ContractScript work) throws Exception {
        var call = calls(key).incrementAndGet();
        switch (scenario) {
            case "complete" -> work.report(40, "on the way");
            case "fail twice" -> {
                if (call <= 2) {
                    throw new IllegalStateException("failure " + call);
                }
            }
            case "fail" -> throw new IllegalStateException("failure " + call);
            case "fail for good" -> throw new NotRetryable("no retry mends this");
            case "retry later" -> {
                if (call == 1) {
                    throw new RetryLater(Duration.ofMillis(700), "busy");
                }
            }
            case "three steps" -> {
                for (var n = 1; n <= 3; n++) {
                    var step = n;
                    calls(key + work.step("step-" + n, () -> " result " + step + " of call " + call)).incrementAndGet();
                }
                if (call == 1) {
                    throw new IllegalStateException("after the steps");
                }
            }
            case "report backwards" -> {
                work.report(80, "far");
                work.report(20, "near");
                work.step("end", () -> "");
                gate(key).await();
            }
            case "log" -> {
                work.log("line of call " + call);
                if (call == 1) {
                    throw new IllegalStateException("after the line");
                }
            }
            case "work until told" -> {
                work.report(10, "at work");
                while (true) {
                    work.pause();
                }
            }
            case "steps until told" -> {
                for (var n = 1; n <= 1_000; n++) {
                    work.step("step-" + n, () -> "");
                    work.pause();
                    if (gate(key).getCount() == 0) {
                        return Map.of("steps", n);
                    }
                }
            }
            case "sleep" -> {
                work.step("before", () -> String.valueOf(calls("before " + key).incrementAndGet()));
                work.sleep("nap", Duration.ofSeconds(3));
            }
            case "ask" -> {
                return Map.of("approved", work.authorize("send", "Send to 1,204 customers?"));
            }
            case "children" -> {
                return Map.of("children", work.awaitChildren("parts", 3));
            }
            case "say nothing" -> {
                work.report(10, "at work");
                gate(key).await();
            }
            default -> throw new NotRetryable("no such scenario: " + scenario);
        }
        return Map.of("call", call);
    }
}
