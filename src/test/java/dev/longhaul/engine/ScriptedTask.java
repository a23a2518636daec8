package dev.longhaul.engine;

import dev.longhaul.operation.LogLine;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RetryLater;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A task that follows the script in its input.
@TaskType(value = "tricks", description = "Does what a test asks.")
class ScriptedTask implements Task<ScriptedTask.Input, Object> {

    record Input(String trick, @Nullable String key) {}

    record Older(String name, int rows) {}

    record Newer(String name, String city) {}

    static final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    static final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    static AtomicInteger calls(String key) {
        return calls.computeIfAbsent(key, _ -> new AtomicInteger());
    }

    static CountDownLatch gate(String key) {
        return gates.computeIfAbsent(key, _ -> new CountDownLatch(1));
    }

    @Override
    public @Nullable Object run(Input input, TaskContext context) throws Exception {
        var key = String.valueOf(input.key);
        var call = calls(key).incrementAndGet();
        switch (input.trick) {
            case "fail" -> throw new IllegalStateException("failure " + call);
            case "fail twice" -> {
                context.log("call " + call + " begins");
                if (call <= 2) {
                    throw new IllegalStateException("failure " + call);
                }
            }
            case "log" -> {
                context.log(LogLine.Level.DEBUG, "begins");
                context.report(50.0, "half");
                context.log("100% of it, a \u0000 and a lone \uD800 too");
                context.log(LogLine.Level.WARN, "x".repeat(5_000));
                if (call == 1) {
                    context.log(LogLine.Level.ERROR, "the disk is full");
                    throw new IllegalStateException("failure 1");
                }
                context.step("between", () -> { });
                context.log("all is well");
            }
            case "log without end" -> {
                for (var n = 1; n <= 12_000; n++) {
                    context.log("line " + n);
                }
            }
            case "fail of a chain" -> throw new IllegalStateException("the import failed",
                    new java.io.UncheckedIOException("the file is gone", new java.io.IOException("disk 7")));
            case "retry later" -> {
                if (call == 1) {
                    throw new RetryLater(Duration.ofMillis(700), "busy");
                }
            }
            case "steps at the gate" -> {
                for (var n = 1; n <= 3; n++) {
                    var step = n;
                    context.step("step-" + n, () -> {
                        calls("steps " + key).incrementAndGet();
                        gate(key + "-" + step).await();
                    });
                }
            }
            case "fall silent" -> {
                context.report(50.0, "half");
                gate(key).await();
            }
            case "pause long and live" -> context.pause(Duration.ofMillis(900));
            case "fail for good" -> throw new NotRetryable("no retry mends this");
            case "fail for good in a transaction" -> context.transaction("all or nothing", Void.class, _ -> {
                throw new NotRetryable("no retry mends this");
            });
            case "transaction, then wait at the gate" -> {
                context.transaction("checkpoint", Void.class, _ -> null);
                gate(key).await();
            }
            case "overflow the stack" -> overflow(0);
            case "run out of memory" -> throw new OutOfMemoryError("of its own making");
            case "eat all memory" -> {
                var eaten = new java.util.ArrayList<byte[]>();
                while (true) {
                    eaten.add(new byte[1 << 20]);
                }
            }
            case "throw an error" -> throw new AssertionError("an error");
            case "say a NUL" -> throw new IllegalStateException("a \u0000 and a lone \uD800 in the message");
            case "return a NUL" -> {
                return Map.of("te\u0000xt", "a \u0000 and a lone \uD800");
            }
            case "return 50 MB" -> {
                return "x".repeat(50_000_000);
            }
            case "return nonsense" -> {
                return new Object() {
                    public Object getItself() {
                        return this;
                    }
                };
            }
            case "report NaN" -> context.report(Double.NaN, "not a number");
            case "report a million times" -> {
                for (var n = 1; n <= 1_000_000; n++) {
                    context.report(n, 1_000_000, "report " + n);
                }
            }
            case "report backwards" -> {
                context.report(80.0, "far");
                context.step("between", () -> { });
                context.report(20.0, "near");
                context.step("end", () -> { });
            }
            case "pause a moment" -> context.pause(Duration.ofMillis(150));
            case "work until told" -> {
                while (true) {
                    context.pause(Duration.ofMillis(20));
                }
            }
            case "ignore everything" -> {
                while (gate(key).getCount() > 0) {
                    Thread.onSpinWait();
                    Thread.yield();
                }
            }
            case "wait at the gate" -> gate(key).await();
            case "sleep long" -> {
                context.step("before", () -> calls("before " + key).incrementAndGet());
                context.sleep(Duration.ofSeconds(4));
                context.step("after", () -> { });
            }
            case "a deploy between two steps" -> {
                // The first run is of the older code, which has no branch.
                var isNew = call > 1 && context.version("before both");
                context.step("first", () -> { });
                if (call == 1) {
                    context.step("second", () -> { });
                    throw new IllegalStateException("the deploy");
                }
                var isNewBetween = context.version("between");
                context.step("second", () -> { });
                var isNewAtTheEnd = context.version("at the end");
                if (call == 2) {
                    throw new IllegalStateException("once more");
                }
                return Map.of("branches", isNew + " " + isNewBetween + " " + isNewAtTheEnd);
            }
            case "a step of another shape" -> {
                if (call == 1) {
                    context.step("parse", Older.class, () -> new Older("ann", 7));
                    throw new IllegalStateException("the deploy");
                }
                context.step("parse", Newer.class, () -> new Newer("ann", "berlin"));
            }
            case "ten thousand quick steps" -> {
                for (var n = 1; n <= 10_000; n++) {
                    var step = n;
                    calls("sum " + key).addAndGet(context.quickStep("step-" + n, Integer.class,
                            () -> calls("steps " + key).incrementAndGet() > 0 ? step % 2 : 0));
                }
                context.transaction("at the end", Integer.class,
                        database -> database.sql("select count(*) from operation_step where operation_id = :id")
                        .param("id", context.operationId().value()).query(Integer.class).single());
                if (call == 1) {
                    throw new IllegalStateException("after the steps");
                }
                return Map.of("steps_before_the_transaction", context.transaction("at the end", Integer.class, _ -> 0));
            }
            case "three steps" -> {
                for (var n = 1; n <= 3; n++) {
                    var step = n;
                    var result = context.step("step-" + n, String.class, () -> "result " + step + " of call " + call);
                    calls(key + " " + result).incrementAndGet();
                }
                if (call == 1) {
                    throw new IllegalStateException("after the steps");
                }
                return Map.of("first_step", context.step("step-1", String.class, () -> "again"));
            }
            default -> throw new IllegalArgumentException("no such trick: " + input.trick);
        }
        return null;
    }

    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }
}
