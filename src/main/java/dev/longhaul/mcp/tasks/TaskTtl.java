package dev.longhaul.mcp.tasks;

import dev.longhaul.history.RetentionSettings;
import dev.longhaul.operation.Operation;
import java.time.Duration;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/// The time to live of a task, by the retention settings: unlimited before its end.
@Component
class TaskTtl {

    private final RetentionSettings retention;

    TaskTtl(RetentionSettings retention) {
        this.retention = retention;
    }

    /// Milliseconds since its creation; empty: unlimited.
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
