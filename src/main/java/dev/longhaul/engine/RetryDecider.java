package dev.longhaul.engine;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Decides what follows a failed attempt of a node or a remote worker: another attempt after a pause, or the end.
@Component
public class RetryDecider {

    private final TaskRegistry tasks;
    private final EngineSettings settings;

    RetryDecider(TaskRegistry tasks, EngineSettings settings) {
        this.tasks = tasks;
        this.settings = settings;
    }

    /// @param operation      as it was when the attempt failed, or began
    /// @param requestedPause the pause that the failure asks for; null: none
    /// @param now            by the database's clock
    public Outcome failed(Operation operation, Failure failure, @Nullable Duration requestedPause,
            Instant now) {
        var failures = operation.failures() + 1;
        var pause = requestedPause != null ? requestedPause
                : policy(operation).pause(failures, ThreadLocalRandom.current().nextDouble());
        var deadline = operation.limits().deadline();
        var isLate = deadline != null && !now.plus(pause).isBefore(deadline);
        return failures >= operation.limits().maxAttempts() || isLate
                ? new Outcome.Failed(failure) : new Outcome.Retry(failure, pause);
    }

    public static Failure timeout(Limits limits) {
        return Failure.of("timeout", "the attempt took longer than its timeout of " + limits.timeout());
    }

    public static Failure heartbeatTimeout(Limits limits) {
        return Failure.of("heartbeat_timeout", "no heartbeat for " + limits.heartbeatTimeout());
    }

    public static Failure deadline(Limits limits) {
        return Failure.of("deadline", "not finished by its deadline, " + limits.deadline());
    }

    private RetryPolicy policy(Operation operation) {
        var own = operation.limits().retry();
        var policy = own == null ? tasks.find(operation.type()).map(OperationType::retryPolicy).orElse(null) : own;
        return policy == null ? new RetryPolicy.Exponential(settings.backoff(), 2, settings.maxBackoff()) : policy;
    }
}
