package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Timestamps;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import dev.longhaul.types.TaskRegistry;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Submits an operation and returns its id at once.
@ToolType(value = "start_long_task", title = "Start a long task", description = """
        Starts a long-running operation, which survives restarts and lost connections. Use it to continue with other \
        work meanwhile, or to set a queue, a start time or an idempotency key; to get the result directly, call the \
        tool with the name of the task. Returns an operation_id at once; get_task_progress returns its progress, \
        wait_for_task waits for its end. Task types: """)
@Order(1)
class StartLongTaskTool implements OperationTool<StartLongTaskTool.Arguments, StartLongTaskTool.Started> {

    private static final String SIMULATION = "simulation";

    record Arguments(
            @JsonPropertyDescription("Task type") @Size(min = 1,
            max = 200) String taskType,
            @JsonPropertyDescription(
            "Input of the task, as its type describes it") @Nullable Map<String, Object> input,
            @JsonPropertyDescription("For a simulation: total duration in seconds; default 30") @Min(0) @Max(
            2_592_000) @Nullable Double durationSeconds,
            @JsonPropertyDescription("For a simulation: number of steps; default 10") @Min(1) @Max(
            10_000) @Nullable Integer steps,
            @JsonPropertyDescription("The same key with the same task and input gives the operation that is there "
            + "already, for 24 hours: "
                    + "send one if you may have to repeat the call") @Size(min = 1,
                    max = 200) @Nullable String idempotencyKey,
            @JsonPropertyDescription("Queue; default: default") @Size(min = 1,
            max = 200) @Nullable String queue,
            @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
            100) @Nullable Integer priority,
            @JsonPropertyDescription("Earliest start, e.g. 2026-01-08T10:00:00Z") @Nullable String runAt,
            @JsonPropertyDescription("Maximum number of failed attempts; default 5") @Min(1) @Max(
                    1000) @Nullable Integer maxAttempts,
            @JsonPropertyDescription("Seconds one attempt may run; default: no limit") @Min(1) @Max(
            31_536_000) @Nullable Double timeoutSeconds,
            @JsonPropertyDescription("What it has in common with others, e.g. customer:42: at most concurrency_limit "
            + "of one key run at once") @Size(min = 1, max = 200)
            @Nullable String concurrencyKey,
            @JsonPropertyDescription(
                    "How many of its concurrency_key may run at once, on all nodes together; default 1") @Min(
                    1) @Nullable Integer concurrencyLimit,
            @JsonPropertyDescription("At most so many of its concurrency_key start within rate_seconds; default: any "
            + "number") @Min(1) @Nullable Integer rateStarts,
            @JsonPropertyDescription("See rate_starts; default 60") @Min(0) @Max(86_400) @Nullable Double rateSeconds,
            @JsonPropertyDescription("What to do while another of its concurrency_key is not over: queue (it waits "
                    + "its turn), skip (none is made, the answer is the other), "
                    + "replace (the others are cancelled); default queue") @Pattern(regexp =
                    "queue|skip|replace") @Nullable String ifActive) {}

    /// @param streamUrl of its event stream
    /// @param replayed  true: an earlier call with this idempotency key submitted it
    /// @param skipped   true: it is the existing active operation of the concurrency key
    @JsonNaming(SnakeCaseStrategy.class)
    record Started(@JsonUnwrapped ReferenceView operation, String taskType, String streamUrl, boolean replayed,
            boolean skipped) {}

    private final OperationStore store;
    private final TaskRegistry tasks;
    private final JsonMapper json;

    StartLongTaskTool(OperationStore store, TaskRegistry tasks, JsonMapper json) {
        this.store = store;
        this.tasks = tasks;
        this.json = json;
    }

    @Override
    public String addendum() {
        return tasks.all().stream().filter(task -> task.defect() == null)
                .map(task -> task.type() + " (" + task.description().strip() + ")")
                .collect(Collectors.joining("; "));
    }

    @Override
    public Started call(Arguments arguments, ToolCall call) {
        var submission = Submission.of(arguments.taskType, input(arguments))
                .withQueue(arguments.queue == null ? Submission.DEFAULT_QUEUE : arguments.queue)
                .withPriority(arguments.priority == null ? 0 : arguments.priority)
                .withRunAt(arguments.runAt == null ? null : Timestamps.parse("run_at", arguments.runAt))
                .with(_ -> limits(arguments)).withConcurrency(concurrency(arguments))
                        .withIdempotencyKey(arguments.idempotencyKey).withTraceParent(call.traceParent());
        var submitted = store.submit(tasks.checked(submission), call.caller());
        var operation = submitted.operation();
        return new Started(ReferenceView.of(operation), operation.type(), "/progress/" + operation.id() + "/stream",
                submitted.replayed(), submitted.skipped());
    }

    private static Limits limits(Arguments arguments) {
        return Limits.DEFAULT
                .withMaxAttempts(arguments.maxAttempts == null ? Limits.DEFAULT.maxAttempts() : arguments.maxAttempts)
                .withTimeout(arguments.timeoutSeconds == null ? null : seconds(arguments.timeoutSeconds));
    }

    private static @Nullable Concurrency concurrency(Arguments arguments) {
        if (arguments.concurrencyKey == null) {
            if (arguments.concurrencyLimit != null || arguments.rateStarts != null || arguments.rateSeconds != null
                    || arguments.ifActive != null) {
                throw new IllegalArgumentException("concurrency_limit, rate_starts, rate_seconds and if_active need "
                        + "a concurrency_key");
            }
            return null;
        }
        var per = seconds(arguments.rateSeconds == null ? 60 : arguments.rateSeconds);
        return new Concurrency(arguments.concurrencyKey, arguments.concurrencyLimit == null
                ? 1 : arguments.concurrencyLimit,
                arguments.rateStarts == null ? null : new Concurrency.Rate(arguments.rateStarts, per),
                arguments.ifActive == null
                ? Concurrency.IfActive.QUEUE : Concurrency.IfActive.parse(arguments.ifActive));
    }

    /// The reference's arguments are the input of a simulation, also under other type names.
    private ObjectNode input(Arguments arguments) {
        if (arguments.input != null) {
            if (arguments.durationSeconds != null || arguments.steps != null) {
                throw new IllegalArgumentException("expected input, or duration_seconds and steps, not both");
            }
            return json.valueToTree(arguments.input);
        }
        var input = json.createObjectNode();
        var isSimulation = tasks.find(arguments.taskType).filter(task -> task.type().equals(SIMULATION)).isPresent();
        if (isSimulation || arguments.durationSeconds != null) {
            input.put("duration_seconds", arguments.durationSeconds == null ? 30 : arguments.durationSeconds);
        }
        if (isSimulation || arguments.steps != null) {
            input.put("steps", arguments.steps == null ? 10 : arguments.steps);
        }
        return input;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
