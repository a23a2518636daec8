package dev.longhaul.workflow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A workflow node as it is now.
///
/// @param status      `waiting`, `running`, `completed`, `failed`, `cancelled`, `skipped` (a dependency did not
///     complete) or `not_triggered` (nothing failed)
/// @param isList      fan-out: one operation for each element of a list
/// @param total       number of its operations; null: not known yet
/// @param finished    number of its finished operations
/// @param failed      number of its finished operations that did not complete
/// @param operationId null: it has no operation yet, or several, or none at all
/// @param error       why it failed
@JsonNaming(SnakeCaseStrategy.class)
public record WorkflowNodeView(String name, String status, String when, List<String> needs, String type,
        double progress, @JsonIgnore boolean isList, @Nullable Integer total, int finished, int failed,
        @Nullable UUID operationId, @Nullable String error, @Nullable Instant finishedAt) {

    boolean hasFailed() {
        return status.equals("failed") || status.equals("cancelled");
    }
}
