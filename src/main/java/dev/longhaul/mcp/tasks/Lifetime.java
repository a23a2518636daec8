package dev.longhaul.mcp.tasks;

import dev.longhaul.operation.Operation;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// How long a task is kept, as the service's retention says: for ever while it is not over, and so long after its end.
@Component
class Lifetime {

    private final @Nullable Duration keepFinished;
    private final @Nullable Duration keepFailed;

    Lifetime(Environment environment) {
        this.keepFinished = environment.getProperty("longhaul.retention.keep-finished", Duration.class);
        var failed = environment.getProperty("longhaul.retention.keep-failed", Duration.class);
        this.keepFailed = failed == null ? keepFinished : failed;
    }

    /// Milliseconds from its creation, as the protocol counts; empty: for ever.
    OptionalLong millis(Operation operation) {
        var kept = switch (operation.status()) {
            case COMPLETED, CANCELLED -> keepFinished;
            case FAILED -> keepFailed;
            case PENDING, RUNNING, WAITING -> null;
        };
        return kept == null || operation.finishedAt() == null ? OptionalLong.empty()
                : OptionalLong.of(Duration.between(operation.createdAt(), operation.finishedAt()).plus(kept).toMillis());
    }
}
