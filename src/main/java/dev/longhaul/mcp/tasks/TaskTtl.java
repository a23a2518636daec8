package dev.longhaul.mcp.tasks;

import dev.longhaul.history.RetentionSettings;
import dev.longhaul.operation.Operation;
import java.time.Duration;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/// How long a task is kept, as the service's retention says: for ever while it is not over, and so long after its end.
@Component
class TaskTtl {

    private final RetentionSettings retention;

    TaskTtl(RetentionSettings retention) {
        this.retention = retention;
    }

    /// Milliseconds from its creation, as the protocol counts; empty: for ever.
    OptionalLong millis(Operation operation) {
        var kept = switch (operation.status()) {
            case COMPLETED, CANCELLED -> retention.keepFinished();
            case FAILED -> retention.keepFailed();
            case PENDING, RUNNING, WAITING -> null;
        };
        return kept == null || operation.finishedAt() == null ? OptionalLong.empty()
                : OptionalLong.of(Duration.between(operation.createdAt(), operation.finishedAt()).plus(kept)
                .toMillis());
    }
}
