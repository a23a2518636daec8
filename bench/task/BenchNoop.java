package dev.longhaul.bench;

import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Does nothing: what an operation costs besides its work. [BenchController] may ask when one started.
@TaskType("bench_noop")
class BenchNoop implements Task<BenchNoop.Input, Void> {

    record Input() {}

    static final LongAdder RAN = new LongAdder();
    static final Map<String, Long> STARTED = new ConcurrentHashMap<>();
    static volatile boolean remembers;

    @Override
    public @Nullable Void run(Input input, TaskContext context) {
        RAN.increment();
        if (remembers) {
            STARTED.put(context.operationId().toString(), System.nanoTime());
        }
        return null;
    }
}
